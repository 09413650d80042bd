import type { ProctoringEvent } from '../../api/types';
import { toAxis, type Entry } from './playlist';

/** An incident with its place on the session's common axis. */
export interface PlacedEvent {
  event: ProctoringEvent;
  /** Null when the event belongs to no video, e.g. before the first answer. */
  axisMs: number | null;
  /** Where it ends there: what outlasts its recording ends with it on the axis. */
  endMs: number;
}

/** Incidents in the order of the recording; those without a place come last, oldest first. */
export function placeEvents(events: readonly ProctoringEvent[], entries: readonly Entry[]): PlacedEvent[] {
  return events
    .map((event) => {
      const at = (timeMs: number) => (event.video_id ? toAxis(entries, { videoId: event.video_id, timeMs }) : null);
      return { event, axisMs: at(event.offset_ms), endMs: at(event.offset_ms + event.duration_seconds * 1000) ?? 0 };
    })
    .sort((a, b) => (a.axisMs ?? Infinity) - (b.axisMs ?? Infinity) || a.event.detected_at.localeCompare(b.event.detected_at));
}

/** The incident after or before the selected one, else after or before the time; dismissed ones are skipped. */
export function neighbour(
  placed: readonly PlacedEvent[],
  selectedId: string | null,
  axisMs: number,
  direction: 1 | -1,
): PlacedEvent | null {
  const open = placed.filter((item) => item.event.verdict !== 'dismissed' || item.event.id === selectedId);
  const index = open.findIndex((item) => item.event.id === selectedId);
  if (index >= 0) return open[index + direction] ?? null;
  return direction === 1
    ? (open.find((item) => item.axisMs !== null && item.axisMs > axisMs) ?? null)
    : (open.findLast((item) => item.axisMs !== null && item.axisMs < axisMs) ?? null);
}

const DECIDED = { none: 0, confirmed: 1, dismissed: 1 } as const;

export const unreviewedCount = (events: readonly ProctoringEvent[]): number =>
  events.filter((event) => DECIDED[event.verdict] === 0).length;
