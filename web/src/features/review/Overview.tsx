import { useRef, type PointerEvent } from 'react';
import { severityRank, type Span } from '../../core/timeline/cluster';
import { moved, spanOf, viewAt } from '../../core/timeline/view';
import classes from './overview.module.css';
import type { TimelineView } from './useTimelineView';

const percent = (part: number, of: number): string => `${of > 0 ? (100 * part) / of : 0}%`;

/** The whole recording in a strip, and which stretch of it the timeline shows: dragging moves that. */
export function Overview({ spans, totalMs, axisMs, zoom }: { spans: readonly Span[]; totalMs: number; axisMs: number; zoom: TimelineView }) {
  const lastPx = useRef<number | null>(null);
  const { view } = zoom;

  const down = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const atMs = ((event.clientX - left) / Math.max(1, width)) * totalMs;
    event.currentTarget.setPointerCapture(event.pointerId);
    lastPx.current = event.clientX;
    // Taken hold of beside the window, that comes there first.
    if (atMs < view.startMs || atMs > view.endMs) zoom.set(viewAt(atMs - spanOf(view) / 2, spanOf(view), totalMs));
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    if (lastPx.current === null) return;
    const { width } = event.currentTarget.getBoundingClientRect();
    zoom.set(moved(view, totalMs, ((event.clientX - lastPx.current) / Math.max(1, width)) * totalMs));
    lastPx.current = event.clientX;
  };
  const up = () => (lastPx.current = null);

  // The worst are drawn last, above the others.
  const drawn = spans.filter((span) => !span.dismissed).sort((a, b) => severityRank(a.severity) - severityRank(b.severity));
  return (
    <div
      className={classes.overview}
      aria-hidden="true"
      data-whole={zoom.whole || undefined}
      onPointerDown={zoom.whole ? undefined : down}
      onPointerMove={zoom.whole ? undefined : move}
      onPointerUp={up}
      onPointerCancel={up}
    >
      {drawn.map((span) => (
        <i key={span.id} data-severity={span.severity} style={{ left: percent(span.startMs, totalMs), width: percent(span.endMs - span.startMs, totalMs) }} />
      ))}
      <b style={{ left: percent(axisMs, totalMs) }} />
      <div className={classes.window} style={{ left: percent(view.startMs, totalMs), width: percent(spanOf(view), totalMs) }} />
    </div>
  );
}
