import { Stack, Text } from '@mantine/core';
import { formatClock, remainingMs, wholeSecondsLeft } from '../core/time/clock';
import { useNow } from './useNow';
import classes from './CountdownRing.module.css';

interface Props {
  sinceMs: number;
  totalMs: number;
  label: string;
  size?: number;
}

const RADIUS = 46;
const LENGTH = 2 * Math.PI * RADIUS;

/** A ring that empties while the time in its middle runs down. */
export function CountdownRing({ sinceMs, totalMs, label, size = 144 }: Props) {
  const left = remainingMs(sinceMs, totalMs, useNow(100));
  const share = totalMs > 0 ? left / totalMs : 0;
  return (
    <div className={classes.ring} style={{ width: size, height: size }} role="timer" aria-label={label}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle className={classes.track} cx="50" cy="50" r={RADIUS} />
        <circle className={classes.value} cx="50" cy="50" r={RADIUS} strokeDasharray={LENGTH} strokeDashoffset={LENGTH * (1 - share)} />
      </svg>
      <Stack gap={0} align="center" className={classes.middle}>
        <Text size="xl" fw={650} lh={1.2}>
          {formatClock(wholeSecondsLeft(left) * 1000)}
        </Text>
        <Text size="xs" c="dimmed">
          {label}
        </Text>
      </Stack>
    </div>
  );
}
