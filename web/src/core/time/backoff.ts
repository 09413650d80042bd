const FIRST_MS = 500;
const LONGEST_MS = 8_000;
const EAGER_FOR_MS = 75_000;
const EAGER_MS = 400;

/** Milliseconds to wait before repetition number `attempt` (from 0): 0.5 s doubling to 8 s. */
export function backoffMs(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
}

/**
 * Milliseconds between two attempts to reach the server, `awayMs` after it was lost: short while the seat is warm and the return of
 * the network should be felt at once, longer after.
 */
export function comebackDelayMs(awayMs: number): number {
  return awayMs < EAGER_FOR_MS ? EAGER_MS : Math.min(EAGER_MS + (awayMs - EAGER_FOR_MS) / 10, LONGEST_MS);
}
