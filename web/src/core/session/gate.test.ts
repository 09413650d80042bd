import { describe, expect, it } from 'vitest';
import type { SessionDetail } from '../../api/types';
import { redirectFrom } from './gate';

const session = (consent: string | null, kind: SessionDetail['kind'] = 'one_way', ended: string | null = null) => ({
  status: 'in_progress' as const,
  ended_at: ended,
  kind,
  consent: { required_version: '1', text: '', event_types: [], retention_days: 1, given_at: consent },
});
const candidate = (entered = false) => ({ isCandidate: true, entered });
const interviewer = (entered = false) => ({ isCandidate: false, entered });

describe('redirectFrom', () => {
  it('lets nobody past the consent', () => {
    expect(redirectFrom('check', session(null), candidate())).toBe('consent');
    expect(redirectFrom('interview', session(null), candidate(true))).toBe('consent');
    expect(redirectFrom('consent', session(null), candidate())).toBeNull();
  });

  it('asks interviewers for no consent', () => {
    expect(redirectFrom('consent', session(null, 'live'), interviewer())).toBe('check');
    expect(redirectFrom('room', session(null, 'live'), interviewer(true))).toBeNull();
  });

  it('goes through the check first and survives a reload afterwards', () => {
    expect(redirectFrom('interview', session('now'), candidate())).toBe('check');
    expect(redirectFrom('interview', session('now'), candidate(true))).toBeNull();
  });

  it('sends each kind to its page', () => {
    expect(redirectFrom('room', session('now'), candidate(true))).toBe('interview');
    expect(redirectFrom('interview', session('now', 'live'), candidate(true))).toBe('room');
  });

  it('ends on the last page', () => {
    expect(redirectFrom('interview', session('now', 'one_way', 'then'), candidate(true))).toBe('done');
    expect(redirectFrom('done', session('now'), candidate())).toBeNull();
  });
});
