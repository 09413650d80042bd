import type { Severity } from '../../api/types';

export interface Span {
  id: string;
  eventType: string;
  severity: Severity;
  startMs: number;
  endMs: number;
  dismissed: boolean;
}

/** Spans drawn as one bar because they are of one kind and overlap (or nearly touch). */
export interface Cluster {
  spans: Span[];
  startMs: number;
  endMs: number;
  /** The worst severity among those not dismissed. */
  severity: Severity;
  dismissed: boolean;
}

const RANK: Record<Severity, number> = { low: 0, medium: 1, high: 2, critical: 3 };

export const worseSeverity = (a: Severity, b: Severity): Severity => (RANK[a] >= RANK[b] ? a : b);
export const severityRank = (severity: Severity): number => RANK[severity];

function single(span: Span): Cluster {
  return { spans: [span], startMs: span.startMs, endMs: span.endMs, severity: span.severity, dismissed: span.dismissed };
}

function merge(cluster: Cluster, span: Span): Cluster {
  const severity = cluster.dismissed ? span.severity : span.dismissed ? cluster.severity : worseSeverity(cluster.severity, span.severity);
  return {
    spans: [...cluster.spans, span],
    startMs: cluster.startMs,
    endMs: Math.max(cluster.endMs, span.endMs),
    severity,
    dismissed: cluster.dismissed && span.dismissed,
  };
}

/** Whether two bars are mostly the same stretch: half of the longer one at least. */
function coincide(a: Cluster, b: Cluster): boolean {
  const shared = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  return a.dismissed === b.dismissed && shared > 0 && shared * 2 >= Math.max(a.endMs - a.startMs, b.endMs - b.startMs);
}

/** The bars of one lane: joined where they are of one type and touch, or of several and mostly the same stretch. Longer ones come first, to lie below. */
export function lane(spans: readonly Span[], gapMs: number): Cluster[] {
  const bars: Cluster[] = [];
  for (const item of cluster(spans, gapMs)) {
    const index = bars.findIndex((bar) => coincide(bar, item));
    const bar = bars[index];
    if (bar) bars[index] = item.spans.reduce(merge, bar);
    else bars.push(item);
  }
  return bars.sort((a, b) => Number(a.dismissed) - Number(b.dismissed) || b.endMs - b.startMs - (a.endMs - a.startMs));
}

/** Bars in the order of time, as they are tabbed through, each with how far above the others it lies. */
export function inTime(bars: readonly Cluster[]): { cluster: Cluster; above: number }[] {
  return bars.map((cluster, above) => ({ cluster, above })).sort((a, b) => a.cluster.startMs - b.cluster.startMs);
}

/** Joins spans of one event type whose gap is at most `gapMs` (what a pixel or two are worth). */
export function cluster(spans: readonly Span[], gapMs: number): Cluster[] {
  const open = new Map<string, Cluster>();
  const closed: Cluster[] = [];
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = open.get(span.eventType);
    if (last && span.startMs - last.endMs <= gapMs) {
      open.set(span.eventType, merge(last, span));
    } else {
      if (last) closed.push(last);
      open.set(span.eventType, single(span));
    }
  }
  return [...closed, ...open.values()].sort((a, b) => a.startMs - b.startMs);
}
