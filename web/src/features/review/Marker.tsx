import type { Cluster } from '../../core/timeline/cluster';
import type { Extent, Side } from '../../core/timeline/labels';
import { formatTenths } from '../../core/time/clock';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { SeverityShape } from '../../ui/SeverityMark';
import { lasting } from './describe';
import classes from './marker.module.css';
import type { Desk } from './useDesk';

interface Props {
  cluster: Cluster;
  above: number;
  extent: Extent;
  /** Stands beside the bar where there is room. */
  label: string;
  side: Side | null;
  desk: Desk;
}

/** One bar on a lane. Several overlapping incidents share it: each click goes to the next of them. */
export function Marker({ cluster, above, extent, label: short, side, desk }: Props) {
  const events = cluster.spans.flatMap((span) => desk.placed.find((item) => item.event.id === span.id)?.event ?? []);
  const current = events.findIndex((event) => event.id === desk.selected?.id);
  const shown = events[Math.max(0, current)];
  if (!shown) return null;

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
      style={{ left: extent.leftPx, width: extent.rightPx - extent.leftPx, zIndex: above }}
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
    >
      <i className={classes.bar} />
      {side && (
        <span className={classes.label} data-side={side} aria-hidden="true">
          <SeverityShape severity={cluster.severity} size={12} />
          <span className={classes.name}>{short}</span>
          {text.common.severity[cluster.severity].toLowerCase()}
        </span>
      )}
    </button>
  );
}
