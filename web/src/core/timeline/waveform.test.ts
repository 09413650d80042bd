import { describe, expect, it } from 'vitest';
import type { Video, Waveform } from '../../api/types';
import type { Entry } from '../playback/playlist';
import { bars, barsPath } from './waveform';

const entry = (id: string, startMs: number, durationMs: number): Entry => ({
  video: { id } as Video,
  question: null,
  questionNumber: null,
  part: null,
  startMs,
  durationMs,
});

const waveform = (id: string, levels: number[]): Waveform => ({ video_id: id, interval_ms: 100, levels });

describe('bars', () => {
  it('takes the loudest value of each stretch and leaves silence out', () => {
    const scale = { startMs: 0, endMs: 1000, widthPx: 15 };
    const shown = bars([entry('a', 0, 1000)], [waveform('a', [0, 0, 10, 90, 0, 0, 50, 0, 100, 0])], scale);
    expect(shown).toEqual([
      { leftPx: 3, level: 0.9 },
      { leftPx: 9, level: 0.5 },
      { leftPx: 12, level: 1 },
    ]);
  });

  it('puts each recording at its place on the common axis', () => {
    const scale = { startMs: 0, endMs: 400, widthPx: 12 };
    const shown = bars([entry('a', 0, 200), entry('b', 200, 200)], [waveform('b', [20, 40])], scale);
    expect(shown).toEqual([
      { leftPx: 6, level: 0.2 },
      { leftPx: 9, level: 0.4 },
    ]);
  });

  it('leaves out what lies outside the view', () => {
    const levels = Array.from({ length: 100 }, (_, n) => n);
    const shown = bars([entry('a', 0, 10_000)], [waveform('a', levels)], { startMs: 5_000, endMs: 6_000, widthPx: 30 });
    expect(shown).toHaveLength(10);
    expect(shown[0]).toEqual({ leftPx: 0, level: 0.5 });
  });

  it('draws nothing before the width is known, and nothing past the end of the values', () => {
    const one = [entry('a', 0, 1000)];
    expect(bars(one, [waveform('a', [50])], { startMs: 0, endMs: 1000, widthPx: 0 })).toEqual([]);
    expect(bars(one, [waveform('a', [50])], { startMs: 0, endMs: 1000, widthPx: 30 })).toEqual([{ leftPx: 0, level: 0.5 }]);
    expect(bars(one, [], { startMs: 0, endMs: 1000, widthPx: 30 })).toEqual([]);
  });
});

describe('barsPath', () => {
  it('mirrors every bar about the middle and keeps the quietest visible', () => {
    expect(
      barsPath(
        [
          { leftPx: 0, level: 1 },
          { leftPx: 3, level: 0.01 },
        ],
        20,
      ),
    ).toBe('M1,0.0v20.0M4,9.5v1.0');
  });
});
