export interface Extent {
  leftPx: number;
  rightPx: number;
}

export type Side = 'left' | 'right';

/** On which side of a bar its name fits without touching the next one: the right, in the last third of the track the left; null for neither. */
export function labelSide(bars: readonly Extent[], index: number, labelPx: number, trackPx: number): Side | null {
  const bar = bars[index];
  if (!bar) return null;
  const others = bars.filter((_, other) => other !== index);
  const free: Record<Side, boolean> = {
    right: bar.rightPx + labelPx <= Math.min(trackPx, ...others.filter((other) => other.leftPx >= bar.leftPx).map((other) => other.leftPx)),
    left: bar.leftPx - labelPx >= Math.max(0, ...others.filter((other) => other.leftPx < bar.leftPx).map((other) => other.rightPx)),
  };
  const sides: Side[] = bar.rightPx > (2 * trackPx) / 3 ? ['left', 'right'] : ['right', 'left'];
  return sides.find((side) => free[side]) ?? null;
}
