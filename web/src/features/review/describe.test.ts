import { describe, expect, it } from 'vitest';
import type { ProctoringEvent } from '../../api/types';
import { eventRange, formatBytes, lasting } from './describe';

const event = (open: boolean) => ({ offset_ms: 662_000, duration_seconds: 6.2, is_open: open }) as ProctoringEvent;

describe('describe', () => {
  it('writes the range of an incident', () => {
    expect(eventRange(event(false))).toBe('11:02.0 – 11:08.2');
    expect(eventRange(event(true))).toBe('11:02.0 – ongoing');
  });

  it('gives a moment no length', () => {
    const copied = { ...event(false), duration_seconds: 0 };
    expect(eventRange(copied)).toBe('11:02.0');
    expect(lasting(copied)).toBeNull();
    expect(lasting(event(true))).toBe('ongoing');
    expect(lasting(event(false))).toBe('6.2 s');
  });

  it('writes sizes', () => {
    expect(formatBytes(1_234_567)).toBe('1.2 MB');
    expect(formatBytes(900)).toBe('1 kB');
  });
});
