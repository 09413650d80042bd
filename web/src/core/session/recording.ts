import type { PublishState } from '../media/connections';
import { runningRecording, type RoomRecording, type RoomState } from './room';

/** What can honestly be said of the recording from here. `unknown`: it runs as far as was last heard. */
export type RecordingView =
  /** With `because` a live interview should be recorded and is not. */
  | { state: 'none'; because?: 'failed' }
  | { state: 'recording' | 'unknown'; sinceMs: number }
  | { state: 'paused'; sinceMs: number; because: 'connection' | 'storage' };

export interface Line {
  /** The socket is away: nothing newer is heard. */
  away: boolean;
  /** What becomes of one's own camera; null for those who are not recorded. */
  publishing: PublishState | null;
}

/** Answers that fail are told where they are given, and may be given again. */
const isFailedLive = (recording: RoomRecording | undefined): boolean => recording?.state === 'failed' && recording.question_id === null;

/**
 * Whether it is recorded now. Only what the server receives is recorded, so a camera on its way to nowhere means a pause until the
 * next segment. A socket alone says nothing: picture and sound may still arrive, and nobody may be told otherwise.
 */
export function recordingView(room: RoomState, { away, publishing }: Line): RecordingView {
  const running = runningRecording(room);
  if (typeof running?.sinceMs !== 'number') return { state: 'none', ...(isFailedLive(room.recordings.at(-1)) && { because: 'failed' }) };
  const { sinceMs, participant_id: recorded } = running;
  if (typeof running.error === 'string') return { state: 'paused', sinceMs, because: 'storage' };
  const arrives = room.streams.some((stream) => stream.participant_id === recorded && stream.source === 'camera');
  const missing = publishing === null ? !away && !arrives : publishing !== 'connected';
  if (missing) return { state: 'paused', sinceMs, because: 'connection' };
  return { state: away ? 'unknown' : 'recording', sinceMs };
}
