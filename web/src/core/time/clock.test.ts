import { describe, expect, it } from 'vitest';
import { backoffMs, comebackDelayMs } from './backoff';
import { formatClock, formatRecordingClock, formatTenths, remainingMs, spokenMark, wholeSecondsLeft } from './clock';

describe('clock', () => {
  it.each([
    [120, 120, 120],
    [61, 120, 120],
    [60, 120, 60],
    [31, 120, 60],
    [30, 120, 30],
    [9, 120, 10],
    [20, 20, 20],
    [3, 5, 3],
  ])('reads out at %d s of %d s: %d', (left, total, mark) => expect(spokenMark(left, total)).toBe(mark));

  it.each([
    [0, '0:00'],
    [59_999, '0:59'],
    [61_000, '1:01'],
    [3_661_000, '1:01:01'],
    [-5, '0:00'],
  ])('formats %d as %s', (ms, text) => expect(formatClock(ms)).toBe(text));

  it('shows a recording clock with hours', () => {
    expect(formatRecordingClock(761_000)).toBe('00:12:41');
    expect(formatRecordingClock(36_761_000)).toBe('10:12:41');
    expect(formatRecordingClock(3_661_000)).toBe('01:01:01');
  });

  it('shows tenths', () => expect(formatTenths(662_240)).toBe('11:02.2'));

  it('counts down and stops at zero', () => {
    expect(remainingMs(1_000, 5_000, 2_500)).toBe(3_500);
    expect(remainingMs(1_000, 5_000, 9_000)).toBe(0);
    expect(wholeSecondsLeft(1)).toBe(1);
    expect(wholeSecondsLeft(0)).toBe(0);
  });
});

describe('backoffMs', () => {
  it('doubles from half a second to eight', () => {
    expect([0, 1, 2, 3, 4, 5, 20].map(backoffMs)).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });
});

describe('comebackDelayMs', () => {
  it('is short while the seat is warm, long after', () => {
    expect([0, 60_000, 74_999].map(comebackDelayMs)).toEqual([400, 400, 400]);
    expect(comebackDelayMs(90_000)).toBeGreaterThan(1_000);
    expect(comebackDelayMs(600_000)).toBe(8_000);
  });
});
