import type { ProctoringEvent } from '../../api/types';

/** Whether `a` knows more of an incident than `b`: its end, or at least a longer stretch of it. */
function isNewer(a: ProctoringEvent, b: ProctoringEvent): boolean {
  return a.is_open === b.is_open ? a.duration_seconds >= b.duration_seconds : b.is_open;
}

/** Every incident once, as whoever knows most tells it: what the room heard may be older than what was read after a loss. Newest first. */
export function knownIncidents(read: readonly ProctoringEvent[], heard: readonly ProctoringEvent[]): ProctoringEvent[] {
  const known = new Map(read.map((event) => [event.id, event]));
  for (const event of heard) {
    const other = known.get(event.id);
    if (!other || isNewer(event, other)) known.set(event.id, event);
  }
  return [...known.values()].sort((a, b) => b.detected_at.localeCompare(a.detected_at));
}
