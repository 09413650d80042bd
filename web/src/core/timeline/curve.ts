/** A curve in a box, as one SVG path of steps: a value holds until the next one. */
export interface Curve {
  path: string;
  /** Heights of the limits, in the same box. */
  limits: number[];
}

/** Draws observed values into `width` × `height`, so that they and their limits all fit. */
export function curve(points: readonly (readonly [number, number])[], limits: readonly number[], width: number, height: number): Curve {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return { path: '', limits: [] };
  const values = [...points.map(([, value]) => value), ...limits];
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const length = Math.max(1, last[0] - first[0]);
  const x = (ms: number) => (((ms - first[0]) / length) * width).toFixed(1);
  // A line's own width stays inside.
  const y = (value: number) => Number((height - 2 - ((value - low) / span) * (height - 4)).toFixed(1));
  const steps = points.slice(1).map(([ms, value]) => `H${x(ms)}V${y(value)}`);
  return { path: `M0.0,${y(first[1])}${steps.join('')}`, limits: limits.map(y) };
}
