import type { ProctoringEvent } from '../../api/types';
import type { PlacedEvent } from '../playback/incidents';
import { severityRank } from './cluster';

/** What the timeline says about a place on it. */
export interface Hint {
  axisMs: number;
  /** The incident there, if any. */
  event: ProctoringEvent | null;
  /** How many more there are at the same time. */
  others: number;
}

/** What is at `axisMs`, give or take `slackMs`: the incident that was pointed at, else the worst; dismissed ones come last. */
export function hintAt(placed: readonly PlacedEvent[], axisMs: number, slackMs: number, pointedId: string | null = null): Hint {
  const here = placed.filter((item) => item.axisMs !== null && item.axisMs - slackMs <= axisMs && item.endMs + slackMs >= axisMs);
  const pointed = placed.find(({ event }) => event.id === pointedId);
  const weight = ({ event }: PlacedEvent) => (event.verdict === 'dismissed' ? -1 : severityRank(event.severity));
  const shown = pointed ?? [...here].sort((a, b) => weight(b) - weight(a))[0];
  if (!shown) return { axisMs, event: null, others: 0 };
  return { axisMs, event: shown.event, others: here.filter((item) => item !== shown).length };
}
