import { VisuallyHidden } from '@mantine/core';
import { formatClock, remainingMs, spokenMark, wholeSecondsLeft } from '../core/time/clock';
import { text } from '../text';
import classes from './CountdownRing.module.css';
import { useNow } from './useNow';

interface Props {
  sinceMs: number;
  totalMs: number;
  /** What the time is for: “to think”. */
  label: string;
  /** Instead of it for the last quarter of a minute. */
  lastLabel?: string;
  /** Filled while recording, grey while it pauses. */
  tone?: 'run' | 'full' | 'paused';
}

const RADIUS = 71;
const LENGTH = 2 * Math.PI * RADIUS;
const LAST_S = 15;

/** A ring that empties while the time in its middle runs down; read out a few times, not every second. */
export function CountdownRing({ sinceMs, totalMs, label, lastLabel = label, tone = 'run' }: Props) {
  const left = remainingMs(sinceMs, totalMs, useNow(100));
  const seconds = wholeSecondsLeft(left);
  const share = totalMs > 0 ? left / totalMs : 0;
  const words = seconds > LAST_S ? label : lastLabel;
  return (
    <div className={classes.ring} data-tone={tone} role="timer" aria-label={label}>
      <svg viewBox="0 0 152 152" aria-hidden="true">
        <circle cx="76" cy="76" r={RADIUS} />
        <circle className={classes.run} cx="76" cy="76" r={RADIUS} strokeDasharray={LENGTH} strokeDashoffset={LENGTH * (1 - share)} />
      </svg>
      <b>{formatClock(seconds * 1000)}</b>
      <span>{words}</span>
      <VisuallyHidden role="status">
        {text.common.seconds(spokenMark(seconds, totalMs / 1000))} {words}
      </VisuallyHidden>
    </div>
  );
}
