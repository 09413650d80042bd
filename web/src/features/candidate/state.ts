import type { CandidateInterview } from '../../api/types';

export type CardState = 'new' | 'running' | 'done' | 'over' | 'withdrawn';

const CLOSED = new Set(['completed', 'cancelled', 'no_show']);

/** What a card says about an interview at `nowMs` (Unix time). */
export function cardState(item: CandidateInterview, nowMs: number): CardState {
  if (item.status === 'withdrawn') return 'withdrawn';
  if (item.status === 'completed' || item.session?.ended_at || CLOSED.has(item.session?.status ?? '')) return 'done';
  if (item.interview.deadline && Date.parse(item.interview.deadline) < nowMs) return 'over';
  return item.session?.started_at ? 'running' : 'new';
}

/** About how long answering takes, in minutes. */
export function aboutMinutes({ question_count, think_seconds, answer_seconds }: CandidateInterview['interview']): number {
  return Math.max(1, Math.round((question_count * (think_seconds + answer_seconds)) / 60));
}
