import type { ProctoringEvent, Verdict } from '../../api/types';

/** A verdict that was changed on this desk. */
export interface Decision {
  eventId: string;
  from: Verdict;
  to: Verdict;
}

const REMEMBERED = 100;

/** The decisions with one more, oldest first. */
export const withDecision = (decisions: readonly Decision[], decision: Decision): Decision[] => [...decisions, decision].slice(-REMEMBERED);

/** The newest decision that still stands, and those before it; null when nothing is left to take back. What somebody else has decided since stays. */
export function lastDecision(
  decisions: readonly Decision[],
  events: readonly Pick<ProctoringEvent, 'id' | 'verdict'>[],
): { decision: Decision; rest: Decision[] } | null {
  const index = decisions.findLastIndex(({ eventId, to }) => events.some((event) => event.id === eventId && event.verdict === to));
  const decision = decisions[index];
  return decision ? { decision, rest: decisions.slice(0, index) } : null;
}
