import { Text } from '@mantine/core';
import { formatRecordingClock } from '../core/time/clock';
import { text } from '../text';
import { useNow } from './useNow';
import classes from './RecordingBadge.module.css';

interface Props {
  /** Paused: nothing is recorded at the moment. Unknown: it was when last heard of. */
  state: 'recording' | 'paused' | 'unknown';
  sinceMs: number;
  clock?: boolean;
}

const words = text.common.recordingState;

/** What everybody sees while recording: a red dot and the time since it began, or that it pauses. */
export function RecordingBadge({ state, sinceMs, clock = true }: Props) {
  const runs = state === 'recording';
  const elapsed = formatRecordingClock(useNow(250, runs && clock) - sinceMs);
  return (
    <div className={classes.badge} data-testid="recording-indicator" data-state={state}>
      <span className={classes.dot} aria-hidden="true" />
      <Text span size="sm" fw={700} c="inherit" role="status">
        {runs && clock ? text.common.rec : words[state]}
      </Text>
      {runs && clock && (
        <Text span size="sm" c="inherit">
          {elapsed}
        </Text>
      )}
    </div>
  );
}
