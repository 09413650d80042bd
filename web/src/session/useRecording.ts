import { recordingView, type RecordingView } from '../core/session/recording';
import { useConnectionState, usePublishing, useRoom } from './context';

/** What can honestly be said of the recording now. */
export function useRecording(): RecordingView {
  const room = useRoom();
  const publishing = usePublishing();
  const away = useConnectionState().phase === 'reconnecting';
  return recordingView(room, { away, publishing: room.role === 'candidate' ? publishing : null });
}
