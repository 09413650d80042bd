import { inTime, lane as bars, type Cluster, type Span } from '../../core/timeline/cluster';
import { labelSide, type Extent } from '../../core/timeline/labels';
import { timeToPx, type Scale } from '../../core/timeline/scale';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { Marker } from './Marker';
import classes from './timeline.module.css';
import type { Desk } from './useDesk';

type LaneName = keyof typeof text.events.lanes;

const MIN_WIDTH_PX = 8;
/** A letter of a name beside a bar is about this wide, and its shape and gaps take the rest. */
const LETTER_PX = 6.4;
const AROUND_PX = 36;

function extentOf(cluster: Cluster, scale: Scale): Extent {
  const leftPx = Math.max(0, Math.min(timeToPx(scale, cluster.startMs), scale.widthPx - MIN_WIDTH_PX));
  return { leftPx, rightPx: Math.max(leftPx + MIN_WIDTH_PX, Math.min(scale.widthPx, timeToPx(scale, cluster.endMs))) };
}

/** What stands beside a bar: how many, of what, how severe. */
function nameOf(cluster: Cluster): string {
  const [first] = cluster.spans;
  if (!first) return '';
  const name = text.events.label(first.eventType);
  const same = cluster.spans.every((span) => span.eventType === first.eventType);
  return cluster.spans.length === 1 ? name : same ? words.times(name, cluster.spans.length) : words.andOthers(name, cluster.spans.length - 1);
}

interface Props {
  name: LaneName;
  spans: readonly Span[];
  gapMs: number;
  scale: Scale;
  desk: Desk;
}

/** The incidents of one kind. */
export function Lane({ name, spans, gapMs, scale, desk }: Props) {
  const seen = inTime(bars(spans, gapMs)).filter(({ cluster }) => cluster.endMs >= scale.startMs && cluster.startMs <= scale.endMs);
  const extents = seen.map(({ cluster }) => extentOf(cluster, scale));
  return (
    <div className={classes.lane} data-empty={spans.length === 0 || undefined} role="group" aria-label={text.events.lanes[name]}>
      {spans.length === 0 && <span className={classes.nothing}>{words.nothingNoted}</span>}
      {seen.map(({ cluster, above }, index) => {
        const label = nameOf(cluster);
        const side = labelSide(extents, index, AROUND_PX + LETTER_PX * (label.length + text.common.severity[cluster.severity].length), scale.widthPx);
        const extent = extents[index];
        return extent && <Marker key={cluster.spans[0]?.id} cluster={cluster} above={above} extent={extent} label={label} side={side} desk={desk} />;
      })}
    </div>
  );
}
