import type { CaptureState } from '../../core/session/connection';
import type { StreamStats } from '../../core/signalling/messages';
import { text } from '../../text';

export type LineState = 'ok' | 'bad' | 'waiting';

export interface Line {
  state: LineState;
  words: string;
  /** What would make it better; stands above all lines. */
  remedy?: { title: string; words: string };
}

const words = text.attend.check;
const SLOW_MS = 400;
/** This long without a picture, something between browser and server is blocking it. */
const BLOCKED_AFTER_MS = 12_000;

export function cameraLine(captured: CaptureState): Line {
  if (captured.phase === 'failed') {
    const { title } = text.attend.capture[captured.error];
    return captured.error.startsWith('microphone') ? { state: 'waiting', words: words.cameraWaiting } : { state: 'bad', words: title };
  }
  const settings = captured.phase === 'on' ? captured.stream.getVideoTracks()[0]?.getSettings() : undefined;
  if (!settings) return { state: 'waiting', words: words.cameraWaiting };
  return { state: 'ok', words: words.cameraOk(settings.width ?? 0, settings.height ?? 0) };
}

export function microphoneLine(captured: CaptureState, heard: boolean): Line {
  if (captured.phase === 'failed' && captured.error.startsWith('microphone')) {
    return { state: 'bad', words: text.attend.capture[captured.error].title };
  }
  return captured.phase === 'on' && heard
    ? { state: 'ok', words: words.microphoneOk }
    : { state: 'waiting', words: words.microphoneWaiting };
}

export interface ServerView {
  open: boolean;
  stats: StreamStats | null;
  rttMs: number | null;
  /** Since the picture is being sent. */
  sendingForMs: number;
}

export function serverLine({ open, stats, rttMs, sendingForMs }: ServerView): Line {
  if (!open || rttMs === null) return { state: 'waiting', words: words.serverWaiting };
  const ms = Math.max(1, Math.round(rttMs));
  if (stats?.width && stats.height) {
    if (ms > SLOW_MS) return { state: 'bad', words: words.slow(ms), remedy: { title: words.slowTitle, words: words.slowNetwork(ms) } };
    return { state: 'ok', words: words.serverOk(stats.width, stats.height, ms) };
  }
  if (sendingForMs <= BLOCKED_AFTER_MS) return { state: 'waiting', words: words.serverPicture };
  return { state: 'bad', words: words.blocked, remedy: { title: words.blockedTitle, words: words.serverSlow } };
}
