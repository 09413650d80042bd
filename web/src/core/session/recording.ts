import type { PublishState } from '../media/connections';
import { runningRecording, type RoomState } from './room';

/** What can honestly be said of the recording from here. `unknown`: it runs as far as was last heard. */
export type RecordingView =
  | { state: 'none' }
  | { state: 'recording' | 'unknown'; sinceMs: number }
  | { state: 'paused'; sinceMs: number; because: 'connection' | 'storage' };

export interface Line {
  /** The socket is away: nothing newer is heard. */
  away: boolean;
  /** What becomes of one's own camera; null for those who are not recorded. */
  publishing: PublishState | null;
}

/**
 * Whether it is recorded now. Only what the server receives is recorded, so a camera on its way to nowhere means a pause until the
 * next segment. A socket alone says nothing: picture and sound may still arrive, and nobody may be told otherwise.
 */
export function recordingView(room: RoomState, { away, publishing }: Line): RecordingView {
  const running = runningRecording(room);
  if (typeof running?.sinceMs !== 'number') return { state: 'none' };
  const { sinceMs, participant_id: recorded } = running;
  if (typeof running.error === 'string') return { state: 'paused', sinceMs, because: 'storage' };
  const arrives = room.streams.some((stream) => stream.participant_id === recorded && stream.source === 'camera');
  const missing = publishing === null ? !away && !arrives : publishing !== 'connected';
  if (missing) return { state: 'paused', sinceMs, because: 'connection' };
  return { state: away ? 'unknown' : 'recording', sinceMs };
}
