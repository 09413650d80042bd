import { describe, expect, it } from 'vitest';
import type { ProctoringEvent } from '../../api/types';
import { knownIncidents } from './incidents';

const event = (id: string, isOpen: boolean, seconds: number, at = '10:00') =>
  ({ id, is_open: isOpen, duration_seconds: seconds, detected_at: at }) as ProctoringEvent;

describe('knownIncidents', () => {
  it('lists the newest first, each once', () => {
    const all = knownIncidents([event('a', false, 1, '10:00'), event('b', false, 1, '10:02')], [event('c', true, 0, '10:01'), event('b', false, 1, '10:02')]);
    expect(all.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });

  it('takes the word of whoever knows the end, or more of it', () => {
    const of = (read: ProctoringEvent, heard: ProctoringEvent) => knownIncidents([read], [heard])[0];
    const closed = event('a', false, 9);
    expect(of(closed, event('a', true, 12))).toBe(closed);
    expect(of(event('a', true, 12), closed)).toBe(closed);
    const later = event('a', true, 4);
    expect(of(event('a', true, 3), later)).toBe(later);
    expect(of(later, event('a', true, 3))).toBe(later);
  });
});
