/** How a second video follows the one that leads. */
export interface Correction {
  /** It is too far off to catch up unseen. */
  seek: boolean;
  /** How fast it plays until the next look. */
  rate: number;
}

/** About what eyes notice between a face and a screen. */
const FINE_MS = 40;
/** Farther off than this it would take too long to catch up by speed alone. */
const FAR_MS = 400;
/** How much faster or slower at most: not to be seen. */
const MOST = 0.1;
/** A drift is made up within this time, where that is not too fast. */
const WITHIN_MS = 1_000;

/** What brings a video that is `driftMs` ahead (or behind, below 0) back into step; standing still it can be put right at once. */
export function correction(driftMs: number, rate: number, playing: boolean): Correction {
  if (!playing) return { seek: Math.abs(driftMs) > FINE_MS, rate };
  if (Math.abs(driftMs) > FAR_MS) return { seek: true, rate };
  if (Math.abs(driftMs) <= FINE_MS) return { seek: false, rate };
  const change = Math.max(-MOST, Math.min(MOST, -driftMs / WITHIN_MS));
  return { seek: false, rate: rate * (1 + change) };
}
