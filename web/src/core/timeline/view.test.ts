import { describe, expect, it } from 'vitest';
import type { ProctoringEvent } from '../../api/types';
import type { PlacedEvent } from '../playback/incidents';
import { Gesture } from './gesture';
import { hintAt } from './hint';
import { followed, isClosest, isWhole, moved, pinched, viewAt, wheeled, zoomed, type View } from './view';

const TOTAL = 60_000;
const whole: View = { startMs: 0, endMs: TOTAL };
const scaleOf = (view: View) => ({ ...view, widthPx: 600 });

describe('view', () => {
  it('zooms around a time, which stays where it is', () => {
    expect(zoomed(whole, TOTAL, 2, 20_000)).toEqual({ startMs: 10_000, endMs: 40_000 });
    expect(zoomed({ startMs: 10_000, endMs: 40_000 }, TOTAL, 0.5, 20_000)).toEqual(whole);
  });

  it('goes neither past the ends nor closer than two seconds', () => {
    expect(zoomed(whole, TOTAL, 2, 0)).toEqual({ startMs: 0, endMs: 30_000 });
    const closest = zoomed(whole, TOTAL, 1_000, 60_000);
    expect(closest).toEqual({ startMs: 58_000, endMs: 60_000 });
    expect([isClosest(closest, TOTAL), isWhole(closest, TOTAL), isWhole(whole, TOTAL)]).toEqual([true, false, true]);
    expect(viewAt(0, 500, 900)).toEqual({ startMs: 0, endMs: 900 });
    expect(moved({ startMs: 10_000, endMs: 20_000 }, TOTAL, 99_000)).toEqual({ startMs: 50_000, endMs: 60_000 });
  });

  it('brings a playhead outside of it to the middle', () => {
    expect(zoomed({ startMs: 0, endMs: 20_000 }, TOTAL, 2, 40_000)).toEqual({ startMs: 35_000, endMs: 45_000 });
  });

  it('follows a playhead that runs out of it or was sent elsewhere, and nobody who looks around', () => {
    const view = { startMs: 10_000, endMs: 20_000 };
    expect(followed(view, TOTAL, 19_900, 20_100)).toEqual({ startMs: 19_100, endMs: 29_100 });
    expect(followed(view, TOTAL, 5_000, 40_000)).toEqual({ startMs: 39_000, endMs: 49_000 });
    expect(followed(view, TOTAL, 40_000, 40_200)).toBe(view);
    expect(followed(view, TOTAL, 12_000, 12_250)).toBe(view);
  });

  it('keeps what two fingers hold under them', () => {
    const held = [{ px: 150, timeMs: 20_000 }, { px: 450, timeMs: 40_000 }] as const;
    expect(pinched(held, 600, TOTAL)).toEqual({ startMs: 10_000, endMs: 50_000 });
    expect(pinched([held[1], held[0]], 600, TOTAL)).toEqual({ startMs: 10_000, endMs: 50_000 });
    expect(pinched([held[0], { px: 150, timeMs: 40_000 }], 600, TOTAL)).toBeNull();
  });
});

describe('wheel', () => {
  const none = { deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, metaKey: false, shiftKey: false };
  const turn = (view: View, change: Partial<typeof none>) => wheeled(view, scaleOf(view), TOTAL, { ...none, ...change }, 300);

  it('zooms with the modifier around the pointer, and never leaps', () => {
    const closer = turn(whole, { deltaY: -100, ctrlKey: true });
    expect(closer).toEqual(turn(whole, { deltaY: -1_000, metaKey: true }));
    expect(closer?.startMs).toBeGreaterThan(5_000);
    expect((closer?.startMs ?? 0) + (closer?.endMs ?? 0)).toBeCloseTo(TOTAL);
    expect(turn(whole, { deltaY: -3, deltaMode: 1, ctrlKey: true })).toEqual(turn(whole, { deltaY: -48, ctrlKey: true }));
  });

  it('moves sideways when there is more to see, and leaves the page its scrolling', () => {
    const view = { startMs: 10_000, endMs: 20_000 };
    expect(turn(view, { deltaX: 60 })).toEqual({ startMs: 11_000, endMs: 21_000 });
    expect(turn(view, { deltaY: 60, shiftKey: true })).toEqual({ startMs: 11_000, endMs: 21_000 });
    expect(turn(view, { deltaY: 60 })).toBeNull();
    expect(turn(whole, { deltaX: 60 })).toBeNull();
  });
});

describe('gesture', () => {
  const scale = scaleOf(whole);

  it('seeks at once with a mouse and drags the playhead', () => {
    const gesture = new Gesture();
    expect(gesture.move(1, 5, scale, TOTAL)).toBeNull();
    expect(gesture.down(1, 100, 'seek', scale)).toEqual({ type: 'seek', timeMs: 10_000 });
    expect(gesture.move(1, 200, scale, TOTAL)).toEqual({ type: 'seek', timeMs: 20_000 });
    expect(gesture.up(1, scale)).toBeNull();
    expect(gesture.move(1, 300, scale, TOTAL)).toBeNull();
  });

  it('lets a finger scroll the page', () => {
    const gesture = new Gesture();
    expect(gesture.down(1, 100, 'seek_later', scale)).toBeNull();
    expect(gesture.move(1, 106, scale, TOTAL)).toBeNull();
    gesture.cancel(1);
    expect(gesture.up(1, scale)).toBeNull();
    gesture.down(2, 100, 'seek_later', scale);
    expect(gesture.up(2, scale)).toEqual({ type: 'seek', timeMs: 10_000 });
    gesture.down(3, 100, 'seek_later', scale);
    expect(gesture.move(3, 110, scale, TOTAL)).toEqual({ type: 'seek', timeMs: 11_000 });
  });

  it('pinches with two fingers, also on a marker, and does not seek with the one that stays', () => {
    const gesture = new Gesture();
    gesture.down(1, 200, 'seek_later', scale);
    expect(gesture.down(2, 400, 'pinch_only', scale)).toBeNull();
    expect(gesture.move(2, 600, scale, TOTAL)).toEqual({ type: 'view', view: { startMs: 10_000, endMs: 40_000 } });
    expect(gesture.up(2, scale)).toBeNull();
    expect(gesture.move(1, 250, scale, TOTAL)).toBeNull();
    expect(gesture.up(1, scale)).toBeNull();
    expect(gesture.down(3, 300, 'seek', scale)).toEqual({ type: 'seek', timeMs: 30_000 });
  });
});

describe('hintAt', () => {
  const at = (id: string, axisMs: number | null, seconds: number, severity: ProctoringEvent['severity'] = 'low', verdict: ProctoringEvent['verdict'] = 'none') =>
    ({ event: { id, severity, verdict }, axisMs, endMs: (axisMs ?? 0) + seconds * 1000 }) as PlacedEvent;
  const placed = [at('long', 10_000, 20), at('bad', 12_000, 2, 'high'), at('gone', 12_000, 2, 'critical', 'dismissed'), at('nowhere', null, 5, 'critical')];
  const named = (axisMs: number, pointed?: string) => {
    const { event, others } = hintAt(placed, axisMs, 100, pointed);
    return [event?.id ?? null, others];
  };

  it('names the worst incident there and counts the others', () => {
    expect(named(5_000)).toEqual([null, 0]);
    expect(named(9_950)).toEqual(['long', 0]);
    expect(named(13_000)).toEqual(['bad', 2]);
    expect(named(29_000)).toEqual(['long', 0]);
  });

  it('names the one that is pointed at first', () => expect(named(13_000, 'gone')).toEqual(['gone', 2]));
});
