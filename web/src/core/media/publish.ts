import { Link, type LinkOptions } from './link';
import type { StreamSource } from '../signalling/messages';
import { preferred, withAudioRepair, withStartBitrate } from './sdp';

/** Text on a screen must stay legible; motion there need not be smooth. */
const VIDEO = {
  camera: { hint: 'motion', maxBitrate: 1_500_000, maxFramerate: 30 },
  screen: { hint: 'detail', maxBitrate: 2_000_000, maxFramerate: 15 },
} as const;
const START_KBPS = 1_200;

function addVideo(pc: RTCPeerConnection, track: MediaStreamTrack, stream: MediaStream, source: StreamSource): void {
  const { hint, maxBitrate, maxFramerate } = VIDEO[source];
  track.contentHint = hint;
  const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream] };
  let transceiver: RTCRtpTransceiver;
  try {
    // Three temporal layers: the proctor decodes only the lowest.
    const encoding = { scalabilityMode: 'L1T3', maxBitrate, maxFramerate };
    transceiver = pc.addTransceiver(track, { ...init, sendEncodings: [encoding] });
  } catch {
    transceiver = pc.addTransceiver(track, { ...init, sendEncodings: [{ maxBitrate }] });
  }
  const codecs = 'getCapabilities' in RTCRtpSender ? RTCRtpSender.getCapabilities('video')?.codecs : undefined;
  // Firefox before 128 knows no preferences; it offers VP8 first anyway.
  if (codecs && 'setCodecPreferences' in transceiver) transceiver.setCodecPreferences(preferred(codecs));
  keepResolution(transceiver.sender);
}

/** A recording must restart when the picture changes size, so frames are dropped rather than pixels. */
function keepResolution(sender: RTCRtpSender): void {
  const parameters = sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string };
  parameters.degradationPreference = 'maintain-resolution';
  sender.setParameters(parameters).catch(() => undefined);
}

/** A sending PeerConnection for the tracks of `stream`, not yet negotiated. */
export function publishLink(stream: MediaStream, source: StreamSource, options: Omit<LinkOptions, 'direction' | 'offer' | 'adaptOffer' | 'adaptAnswer'>): Link {
  const link = new Link({
    ...options,
    direction: 'publish',
    offer: (sdp) => ({ type: 'publish', stream_id: options.streamId, source, sdp }),
    adaptOffer: withAudioRepair,
    adaptAnswer: (sdp) => withStartBitrate(sdp, START_KBPS),
  });
  for (const track of stream.getAudioTracks()) link.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  for (const track of stream.getVideoTracks()) addVideo(link.pc, track, stream, source);
  return link;
}

/** A receiving PeerConnection; `onTrack` gets every track as it arrives. */
export function subscribeLink(
  kinds: { audio: boolean; video: boolean },
  onTrack: (track: MediaStreamTrack) => void,
  options: Omit<LinkOptions, 'direction' | 'offer' | 'adaptOffer' | 'adaptAnswer'>,
): Link {
  const link = new Link({
    ...options,
    direction: 'subscribe',
    offer: (sdp) => ({ type: 'subscribe', stream_id: options.streamId, sdp }),
  });
  link.pc.ontrack = ({ track }) => onTrack(track);
  if (kinds.audio) link.pc.addTransceiver('audio', { direction: 'recvonly' });
  if (kinds.video) link.pc.addTransceiver('video', { direction: 'recvonly' });
  return link;
}
