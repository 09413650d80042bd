/**
 * The answer with a start bitrate for VP8 and H.264.
 *
 * Chromium begins near 300 kbit/s and climbs slowly; the first answer of an interview would be recorded small.
 * The hint is Chromium's own format parameter and harmless elsewhere.
 */
export function withStartBitrate(sdp: string, kbps: number): string {
  if (sdp.includes('x-google-start-bitrate')) return sdp;
  const hint = `x-google-start-bitrate=${kbps}`;
  const lines = sdp.split('\r\n');
  const payloads = lines.flatMap((line) => /^a=rtpmap:(\d+) (?:VP8|H264)\/90000/i.exec(line)?.[1] ?? []);
  for (const payload of payloads) {
    const fmtp = lines.findIndex((line) => line.startsWith(`a=fmtp:${payload} `));
    const rtpmap = lines.findIndex((line) => line.startsWith(`a=rtpmap:${payload} `));
    if (fmtp >= 0) lines.splice(fmtp, 1, `${lines[fmtp] ?? ''};${hint}`);
    else lines.splice(rtpmap + 1, 0, `a=fmtp:${payload} ${hint}`);
  }
  return lines.join('\r\n');
}

/**
 * The offer with permission to ask for lost sound again (RFC 4585 NACK for Opus).
 *
 * Browsers repeat lost sound when this was agreed and do not offer it themselves.
 */
export function withAudioRepair(sdp: string): string {
  const payload = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (payload === undefined || sdp.includes(`a=rtcp-fb:${payload} nack`)) return sdp;
  return sdp.replace(/^(a=rtpmap:\d+ opus\/48000[^\r\n]*\r\n)/im, `$1a=rtcp-fb:${payload} nack\r\n`);
}

/** Codecs with VP8 first, then H.264, the rest after; order within a kind is kept. */
export function preferred<T extends { mimeType: string }>(codecs: readonly T[]): T[] {
  const rank = (codec: T): number => {
    const name = codec.mimeType.toLowerCase();
    if (name === 'video/vp8') return 0;
    return name === 'video/h264' ? 1 : 2;
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}
