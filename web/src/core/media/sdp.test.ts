import { describe, expect, it } from 'vitest';
import { preferred, withAudioRepair, withStartBitrate } from './sdp';

describe('withStartBitrate', () => {
  it('adds the hint to VP8 only when nothing says it yet', () => {
    const sdp = 'm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n';
    const hinted = withStartBitrate(sdp, 1200);
    expect(hinted).toContain('a=rtpmap:96 VP8/90000\r\na=fmtp:96 x-google-start-bitrate=1200\r\n');
    expect(hinted).toContain('a=fmtp:97 apt=96\r\n');
    expect(withStartBitrate(hinted, 900)).toBe(hinted);
  });

  it('extends the parameters of H.264', () => {
    const sdp = 'a=rtpmap:102 H264/90000\r\na=fmtp:102 packetization-mode=1\r\n';
    expect(withStartBitrate(sdp, 1200)).toContain('a=fmtp:102 packetization-mode=1;x-google-start-bitrate=1200\r\n');
  });
});

describe('withAudioRepair', () => {
  it('offers to repeat lost Opus, once', () => {
    const sdp = 'm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=rtpmap:0 PCMU/8000\r\n';
    const repaired = withAudioRepair(sdp);
    expect(repaired).toContain('a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\na=rtcp-fb:111 transport-cc\r\n');
    expect(withAudioRepair(repaired)).toBe(repaired);
    expect(withAudioRepair('m=video 9 UDP/TLS/RTP/SAVPF 96\r\n')).toBe('m=video 9 UDP/TLS/RTP/SAVPF 96\r\n');
  });
});

describe('preferred', () => {
  it('puts VP8 first and H.264 second', () => {
    const codecs = ['video/VP9', 'video/H264', 'video/rtx', 'video/VP8'].map((mimeType) => ({ mimeType }));
    expect(preferred(codecs).map((codec) => codec.mimeType)).toEqual(['video/VP8', 'video/H264', 'video/VP9', 'video/rtx']);
  });
});
