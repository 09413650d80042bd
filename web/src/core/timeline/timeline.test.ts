import { describe, expect, it } from 'vitest';
import type { Severity } from '../../api/types';
import { cluster, inTime, lane, type Span } from './cluster';
import { laneOf } from './lanes';
import { pxToTime, ticks, timeToPx } from './scale';

const scale = { startMs: 0, endMs: 60_000, widthPx: 600 };
const span = (id: string, startMs: number, endMs: number, severity: Severity = 'medium', eventType = 'no_face', dismissed = false): Span => ({
  id,
  eventType,
  severity,
  startMs,
  endMs,
  dismissed,
});

describe('scale', () => {
  it('maps time to pixels and back', () => {
    expect(timeToPx(scale, 30_000)).toBe(300);
    expect(pxToTime(scale, 300)).toBe(30_000);
  });

  it('clamps pixels outside and survives an empty timeline', () => {
    expect(pxToTime(scale, -10)).toBe(0);
    expect(pxToTime(scale, 10_000)).toBe(60_000);
    expect(timeToPx({ ...scale, endMs: 0 }, 5)).toBe(0);
    expect(pxToTime({ ...scale, widthPx: 0 }, 5)).toBe(0);
  });

  it('labels round times far enough apart', () => {
    expect(ticks(scale)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    expect(ticks({ ...scale, endMs: 32_000 })[1]).toBe(5_000);
    expect(ticks({ ...scale, widthPx: 0 })).toEqual([]);
  });
});

describe('cluster', () => {
  it('joins overlapping spans of one kind only', () => {
    const clusters = cluster([span('a', 0, 5_000), span('b', 4_000, 9_000, 'high'), span('c', 4_500, 5_000, 'low', 'multiple_faces')], 0);
    expect(clusters.map((item) => item.spans.map((inner) => inner.id))).toEqual([['a', 'b'], ['c']]);
    expect(clusters[0]).toMatchObject({ startMs: 0, endMs: 9_000, severity: 'high' });
  });

  it('joins what lies closer than the gap', () => {
    expect(cluster([span('a', 0, 1_000), span('b', 1_200, 2_000)], 100)).toHaveLength(2);
    expect(cluster([span('a', 0, 1_000), span('b', 1_200, 2_000)], 300)).toHaveLength(1);
  });

  it('lets a dismissed span not raise the severity', () => {
    const [joined] = cluster([span('a', 0, 5_000, 'low'), span('b', 1_000, 2_000, 'critical', 'no_face', true)], 0);
    expect(joined).toMatchObject({ severity: 'low', dismissed: false });
  });
});

describe('lane', () => {
  it('makes one bar of two kinds that are mostly the same stretch', () => {
    const [bar, ...others] = lane([span('a', 0, 5_000, 'medium', 'tab_switch'), span('b', 500, 5_200, 'low', 'window_blur')], 0);
    expect(others).toEqual([]);
    expect(bar).toMatchObject({ startMs: 0, endMs: 5_200, severity: 'medium' });
  });

  it('keeps a short one visible in front of a long one', () => {
    const bars = lane([span('short', 10_000, 12_000, 'high', 'camera_covered'), span('long', 0, 60_000, 'low', 'virtual_camera')], 0);
    expect(bars.map((bar) => bar.spans[0]?.id)).toEqual(['long', 'short']);
  });

  it('is tabbed through in the order of time, whatever lies above', () => {
    const bars = inTime(lane([span('first', 1_000, 3_000, 'low', 'virtual_camera'), span('long', 2_000, 60_000), span('last', 30_000, 31_000, 'low', 'poor_lighting')], 0));
    expect(bars.map(({ cluster: { spans }, above }) => [spans[0]?.id, above])).toEqual([['first', 1], ['long', 0], ['last', 2]]);
  });

  it('keeps what only touches and what was dismissed apart', () => {
    expect(lane([span('a', 0, 5_000), span('b', 5_000, 9_000, 'high', 'multiple_faces')], 0)).toHaveLength(2);
    const bars = lane([span('a', 0, 5_000, 'high', 'no_face', true), span('b', 0, 5_000, 'low', 'multiple_faces')], 0);
    expect(bars.map((bar) => bar.dismissed)).toEqual([false, true]);
  });
});

describe('laneOf', () => {
  it('knows the kinds and puts new ones somewhere visible', () => {
    expect(laneOf('multiple_faces')).toBe('face');
    expect(laneOf('tab_switch')).toBe('window');
    expect(laneOf('something_new')).toBe('connection');
  });
});
