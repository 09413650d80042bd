import { useState } from 'react';
import { followed, isClosest, isWhole, viewAt, zoomed, ZOOM_STEP, spanOf, type View } from '../../core/timeline/view';

export interface TimelineView {
  view: View;
  whole: boolean;
  closest: boolean;
  set: (view: View) => void;
  showAll: () => void;
  /** One step closer to the playhead, or farther away. */
  zoomIn: () => void;
  zoomOut: () => void;
}

/** Which stretch of the recordings the timeline shows; it goes along with the playhead. */
export function useTimelineView(totalMs: number, axisMs: number): TimelineView {
  // Null shows everything, also of a recording that still grows.
  const [chosen, setChosen] = useState<View | null>(null);
  const [beforeMs, setBeforeMs] = useState(axisMs);
  if (beforeMs !== axisMs) {
    setBeforeMs(axisMs);
    if (chosen) setChosen(followed(chosen, totalMs, beforeMs, axisMs));
  }
  const view = chosen ? viewAt(chosen.startMs, spanOf(chosen), totalMs) : { startMs: 0, endMs: totalMs };
  const set = (next: View) => setChosen(isWhole(next, totalMs) ? null : next);
  return {
    view,
    whole: isWhole(view, totalMs),
    closest: isClosest(view, totalMs),
    set,
    showAll: () => setChosen(null),
    zoomIn: () => set(zoomed(view, totalMs, ZOOM_STEP, axisMs)),
    zoomOut: () => set(zoomed(view, totalMs, 1 / ZOOM_STEP, axisMs)),
  };
}
