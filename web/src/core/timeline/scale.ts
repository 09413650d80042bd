/** The visible part of a recording and how wide it is drawn. */
export interface Scale {
  startMs: number;
  endMs: number;
  widthPx: number;
}

export function timeToPx(scale: Scale, timeMs: number): number {
  const span = scale.endMs - scale.startMs;
  return span <= 0 ? 0 : ((timeMs - scale.startMs) / span) * scale.widthPx;
}

export function pxToTime(scale: Scale, px: number): number {
  if (scale.widthPx <= 0) return scale.startMs;
  const time = scale.startMs + (px / scale.widthPx) * (scale.endMs - scale.startMs);
  return Math.min(scale.endMs, Math.max(scale.startMs, time));
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);

/** Round times to label, at least `minGapPx` apart. */
export function ticks(scale: Scale, minGapPx = 72): number[] {
  const span = scale.endMs - scale.startMs;
  if (span <= 0 || scale.widthPx <= 0) return [];
  const needed = (span * minGapPx) / scale.widthPx;
  const step = STEPS_MS.find((candidate) => candidate >= needed) ?? Math.ceil(needed / 3_600_000) * 3_600_000;
  const first = Math.ceil(scale.startMs / step) * step;
  return Array.from({ length: Math.floor((scale.endMs - first) / step) + 1 }, (_, i) => first + i * step);
}
