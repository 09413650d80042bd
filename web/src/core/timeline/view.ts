import { pxToTime, type Scale } from './scale';

/** The stretch of the common axis that the timeline shows, in milliseconds. */
export interface View {
  startMs: number;
  endMs: number;
}

/** Closer than this there is nothing more to see. */
export const SHORTEST_MS = 2_000;
/** What one press of a key or button changes. */
export const ZOOM_STEP = 2;
/** Where the playhead comes to stand when it has left the view: with what comes next to the right of it. */
const FOLLOW_AT = 0.1;
/** A playhead that moves farther at once was sent there. */
const JUMP_MS = 2_000;

export const spanOf = (view: View): number => view.endMs - view.startMs;
export const isWhole = (view: View, totalMs: number): boolean => view.startMs <= 0 && view.endMs >= totalMs;
export const isClosest = (view: View, totalMs: number): boolean => spanOf(view) <= Math.min(SHORTEST_MS, totalMs);
const holds = (view: View, timeMs: number): boolean => timeMs >= view.startMs && timeMs <= view.endMs;

/** The view of this length from here on, as far as the axis allows. */
export function viewAt(startMs: number, spanMs: number, totalMs: number): View {
  const span = Math.min(totalMs, Math.max(SHORTEST_MS, spanMs));
  const start = Math.min(totalMs - span, Math.max(0, startMs));
  return { startMs: start, endMs: start + span };
}

/** `factor` times closer, or farther below 1. What is at `aroundMs` stays where it is; from outside it comes to the middle. */
export function zoomed(view: View, totalMs: number, factor: number, aroundMs: number): View {
  const share = holds(view, aroundMs) && spanOf(view) > 0 ? (aroundMs - view.startMs) / spanOf(view) : 0.5;
  const span = Math.min(totalMs, Math.max(SHORTEST_MS, spanOf(view) / factor));
  return viewAt(aroundMs - share * span, span, totalMs);
}

export const moved = (view: View, totalMs: number, byMs: number): View => viewAt(view.startMs + byMs, spanOf(view), totalMs);

/** The view after the playhead moved: goes along when it was in view, or was sent elsewhere; whoever looks around is left alone. */
export function followed(view: View, totalMs: number, beforeMs: number, nowMs: number): View {
  if (holds(view, nowMs)) return view;
  const sent = Math.abs(nowMs - beforeMs) > JUMP_MS;
  return sent || holds(view, beforeMs) ? viewAt(nowMs - FOLLOW_AT * spanOf(view), spanOf(view), totalMs) : view;
}

/** The view in which two times stand at two places: what fingers hold stays under them. */
export function pinched(held: readonly [Held, Held], widthPx: number, totalMs: number): View | null {
  const [a, b] = held[0].px <= held[1].px ? held : [held[1], held[0]];
  const msPerPx = (b.timeMs - a.timeMs) / (b.px - a.px);
  // Fingers that have passed each other, or lie on one another, say nothing.
  if (!Number.isFinite(msPerPx) || msPerPx <= 0) return null;
  return viewAt(a.timeMs - a.px * msPerPx, widthPx * msPerPx, totalMs);
}

/** A finger, and the time it took hold of. */
export interface Held {
  px: number;
  timeMs: number;
}

interface Wheel {
  deltaX: number;
  deltaY: number;
  deltaMode: number;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

const PX_PER_LINE = 16;
/** One notch of a mouse is about 100 px, a pinch on a touch pad a few at a time: neither may leap. */
const MOST_PX = 60;
const ZOOM_PER_PX = 0.008;

/** The view after a wheel: with Ctrl or Cmd (a touch pad's pinch) closer or farther, sideways along; null when it is for the page. */
export function wheeled(view: View, scale: Scale, totalMs: number, wheel: Wheel, atPx: number): View | null {
  const unit = wheel.deltaMode === 0 ? 1 : PX_PER_LINE;
  const [x, y] = [wheel.deltaX * unit, wheel.deltaY * unit];
  if (wheel.ctrlKey || wheel.metaKey) {
    const by = Math.max(-MOST_PX, Math.min(MOST_PX, y));
    return zoomed(view, totalMs, Math.exp(-by * ZOOM_PER_PX), pxToTime(scale, atPx));
  }
  const sideways = wheel.shiftKey && x === 0 ? y : x;
  if (Math.abs(sideways) <= (wheel.shiftKey ? 0 : Math.abs(y)) || isWhole(view, totalMs) || scale.widthPx <= 0) return null;
  return moved(view, totalMs, (sideways / scale.widthPx) * spanOf(view));
}
