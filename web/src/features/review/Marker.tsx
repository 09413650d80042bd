import type { Cluster } from '../../core/timeline/cluster';
import { timeToPx, type Scale } from '../../core/timeline/scale';
import { formatTenths } from '../../core/time/clock';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { lasting } from './describe';
import classes from './timeline.module.css';
import type { Desk } from './useDesk';

const MIN_WIDTH_PX = 10;

/** One bar on a lane. Several overlapping incidents share it: each click goes to the next of them. */
export function Marker({ cluster, above, scale, desk }: { cluster: Cluster; above: number; scale: Scale; desk: Desk }) {
  const events = cluster.spans.flatMap((span) => desk.placed.find((item) => item.event.id === span.id)?.event ?? []);
  const current = events.findIndex((event) => event.id === desk.selected?.id);
  const shown = events[Math.max(0, current)];
  if (!shown || cluster.endMs < scale.startMs || cluster.startMs > scale.endMs) return null;

  const left = Math.max(0, Math.min(timeToPx(scale, cluster.startMs), scale.widthPx - MIN_WIDTH_PX));
  const right = Math.min(scale.widthPx, timeToPx(scale, cluster.endMs));
  const label = words.marker(
    text.events.label(shown.event_type),
    text.common.severity[cluster.severity],
    formatTenths(shown.offset_ms),
    lasting(shown),
    words.verdict[shown.verdict],
  );
  return (
    <button
      type="button"
      className={classes.marker}
      style={{ left, width: Math.max(MIN_WIDTH_PX, right - left), zIndex: above }}
      aria-label={events.length > 1 ? `${label}, ${words.clusterOf(events.length)}` : label}
      aria-pressed={current >= 0}
      data-severity={cluster.severity}
      data-dismissed={cluster.dismissed || undefined}
      data-marked={events.some((event) => desk.marked?.ids.has(event.id)) || undefined}
      data-open={shown.is_open || undefined}
      data-testid="incident-marker"
      data-event-type={shown.event_type}
      data-event-id={shown.id}
      data-offset-ms={shown.offset_ms}
      data-count={events.length}
      onClick={(event) => {
        const next = events[(current + 1) % events.length] ?? shown;
        desk.select(next);
        // A click of the pointer must not leave the space bar with this button.
        if (event.detail > 0) event.currentTarget.blur();
      }}
    />
  );
}
