import { describe, expect, it } from 'vitest';
import type { CandidateInterview } from '../../api/types';
import { aboutMinutes, cardState } from './state';

const item = (change: { status?: CandidateInterview['status']; deadline?: string; started?: string; ended?: string }) =>
  ({
    status: change.status ?? 'active',
    interview: { deadline: change.deadline ?? null, question_count: 3, think_seconds: 30, answer_seconds: 90 },
    session: change.started ? { status: 'in_progress', started_at: change.started, ended_at: change.ended ?? null } : null,
  }) as CandidateInterview;

const NOW = Date.parse('2030-01-02T00:00:00Z');

describe('cardState', () => {
  it.each([
    [{}, 'new'],
    [{ deadline: '2030-01-01T00:00:00Z' }, 'over'],
    [{ started: '2030-01-01T00:00:00Z' }, 'running'],
    [{ started: '2030-01-01T00:00:00Z', ended: '2030-01-01T01:00:00Z' }, 'done'],
    [{ status: 'withdrawn' as const }, 'withdrawn'],
  ])('%j -> %s', (change, state) => expect(cardState(item(change), NOW)).toBe(state));
});

it('estimates the time', () => expect(aboutMinutes(item({}).interview)).toBe(6));
