const FLOOR_DB = -60;
const SPEECH_DB = -45;

/** Root mean square of samples between −1 and 1, in dB full scale; −Infinity for silence. */
export function levelDb(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length);
}

/** Where a level stands on a bar from 0 (−60 dB) to 1 (0 dB). */
export function meterPosition(db: number): number {
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / -FLOOR_DB));
}

/** A bar that rises at once and falls slowly, so that the eye can follow; `elapsedMs` since the last value. */
export function smoothed(previous: number, next: number, elapsedMs: number): number {
  const fallPerSecond = 1.2;
  return next >= previous ? next : Math.max(next, previous - (fallPerSecond * elapsedMs) / 1000);
}

export const isAudible = (db: number): boolean => db > SPEECH_DB;
