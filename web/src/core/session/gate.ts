import type { SessionDetail } from '../../api/types';

export type SessionPage = 'consent' | 'check' | 'interview' | 'room' | 'done';

export interface Visitor {
  isCandidate: boolean;
  /** Passed the device check in this tab and not left since. */
  entered: boolean;
}

type GateSession = Pick<SessionDetail, 'status' | 'ended_at' | 'kind' | 'consent'>;

const OVER = new Set<SessionDetail['status']>(['completed', 'cancelled', 'no_show']);

export const isOver = (session: GateSession): boolean => session.ended_at !== null || OVER.has(session.status);

/** Where a session goes on after the check. */
export function mainPage(session: GateSession, isCandidate: boolean): SessionPage {
  return isCandidate && session.kind === 'one_way' ? 'interview' : 'room';
}

/** The page a visitor belongs on instead of `page`; null when they may stay. */
export function redirectFrom(page: SessionPage, session: GateSession, visitor: Visitor): SessionPage | null {
  if (page === 'done') return null;
  if (isOver(session)) return 'done';
  if (visitor.isCandidate && session.consent.given_at === null) return page === 'consent' ? null : 'consent';
  if (page === 'consent') return 'check';
  if (page === 'check') return null;
  if (!visitor.entered) return 'check';
  const main = mainPage(session, visitor.isCandidate);
  return page === main ? null : main;
}
