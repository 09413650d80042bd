import type { Waveform } from '../../api/types';
import type { Entry } from '../playback/playlist';
import { timeToPx, type Scale } from './scale';

/** Width of one bar and the space after it. */
export const BAR_PX = 3;

export interface Bar {
  leftPx: number;
  /** 0 to 1. */
  level: number;
}

/** The loudest value of a video between two of its times. */
function loudest(waveform: Waveform, fromMs: number, toMs: number): number {
  const first = Math.max(0, Math.floor(fromMs / waveform.interval_ms));
  const last = Math.max(first + 1, Math.ceil(toMs / waveform.interval_ms));
  return waveform.levels.slice(first, last).reduce((most, level) => Math.max(most, level), 0) / 100;
}

/** Bars that show how loud the recordings on the axis are; silent ones are left out. */
export function bars(entries: readonly Entry[], waveforms: readonly Waveform[], scale: Scale): Bar[] {
  const shown: Bar[] = [];
  const msPerBar = scale.widthPx > 0 ? ((scale.endMs - scale.startMs) / scale.widthPx) * BAR_PX : 0;
  if (msPerBar <= 0) return shown;
  for (const entry of entries) {
    const waveform = waveforms.find((candidate) => candidate.video_id === entry.video.id);
    if (!waveform) continue;
    // Bars begin at whole multiples of their width, so that they stand still on the recording while the view moves.
    const firstMs = Math.max(0, Math.floor((scale.startMs - entry.startMs) / msPerBar)) * msPerBar;
    const lastMs = Math.min(entry.durationMs, scale.endMs - entry.startMs);
    for (let atMs = firstMs; atMs < lastMs; atMs += msPerBar) {
      const level = loudest(waveform, atMs, Math.min(entry.durationMs, atMs + msPerBar));
      if (level > 0) shown.push({ leftPx: timeToPx(scale, entry.startMs + atMs), level });
    }
  }
  return shown;
}

/** The bars as one SVG path, mirrored about the middle of `heightPx`. */
export function barsPath(shown: readonly Bar[], heightPx: number): string {
  const middle = heightPx / 2;
  return shown
    .map(({ leftPx, level }) => {
      // Levels are decibels; squared, speech stands out from a room's noise. Whole pixels stay sharp.
      const half = Math.max(0.5, level * level * middle);
      return `M${Math.round(leftPx) + 1},${(middle - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
    })
    .join('');
}
