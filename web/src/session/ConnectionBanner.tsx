import { text } from '../text';
import { useNow } from '../ui/useNow';
import classes from './ConnectionBanner.module.css';
import { useConnectionState, useLocalStream, usePublishing, useRoom } from './context';
import { useRecording } from './useRecording';

const words = text.attend.banner;

/** What is being waited for, if anything. */
export function useAway(): { lost: boolean; seconds: number; shown: boolean; refused: string | null } {
  const state = useConnectionState();
  const publishing = usePublishing();
  const local = useLocalStream();
  const { entered } = useRoom();
  const lost = state.phase === 'reconnecting';
  const now = useNow(500, lost);
  const seconds = lost ? Math.max(0, Math.round((now - state.sinceMs) / 1000)) : 0;
  const refused = typeof publishing === 'object' ? publishing.error : null;
  return { lost, seconds, shown: lost || (entered && local !== null && (publishing === 'connecting' || refused !== null)), refused };
}

function Wait({ children }: { children?: string | undefined }) {
  return (
    <span className={classes.wait}>
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="22" />
        <circle cx="24" cy="24" r="22" strokeDasharray="34 200" />
      </svg>
      {children}
    </span>
  );
}

/** Says calmly since when the connection is away and what becomes of the recording; there is nothing to press. */
export function ConnectionBanner({ card = false }: { card?: boolean }) {
  const { lost, seconds, shown, refused } = useAway();
  const { role } = useRoom();
  const recording = useRecording();
  if (!shown) return null;
  // Others are recorded, or not, whatever becomes of one's own connection.
  const own = words.recording[role === 'candidate' ? recording.state : 'none'];
  const hooks = { role: 'status', 'data-testid': 'connection-banner', 'data-state': lost ? 'reconnecting' : 'media', ...(refused !== null && { 'data-error': refused }) };
  const media = refused === null ? words.mediaConnecting : text.errors.byCode(refused);
  if (card && lost) {
    return (
      <div className={classes.calm} {...hooks}>
        <Wait>{words.seconds(seconds)}</Wait>
        <div>
          <b>{words.reconnecting}</b>
          <p>
            {own} {words.nothing}
          </p>
        </div>
      </div>
    );
  }
  return (
    <div className={classes.strip} {...hooks}>
      <Wait />
      <span>
        {lost ? `${words.reconnecting} (${words.seconds(seconds)}). ${words.nothing}` : media} {own}
      </span>
    </div>
  );
}
