import { text } from '../text';
import { formatClock, formatRecordingClock } from '../core/time/clock';
import classes from './RecordingBadge.module.css';
import { useNow } from './useNow';

interface Props {
  state: 'recording' | 'paused' | 'unknown';
  sinceMs: number;
  clock?: boolean;
  /** Stands on a picture. */
  veil?: boolean;
}

const words = text.common.recordingState;

/** What everybody sees while recording: a red dot and the time since it began, or that it pauses. */
export function RecordingBadge({ state, sinceMs, clock = true, veil = false }: Props) {
  const runs = state === 'recording';
  const elapsed = (veil ? formatRecordingClock : formatClock)(useNow(250, runs && clock) - sinceMs);
  return (
    <div className={classes.badge} data-testid="recording-indicator" data-state={state} data-veil={veil || undefined} data-clock={clock || undefined}>
      <span className={classes.dot} aria-hidden="true" />
      <span role="status">{runs && veil ? text.common.rec : words[state]}</span>
      {runs && clock && <span>{elapsed}</span>}
    </div>
  );
}
