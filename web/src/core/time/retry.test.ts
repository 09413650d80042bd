import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Retry } from './retry';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('is at once the first time, then slower and slower', async () => {
  const again = vi.fn();
  const retry = new Retry(again);
  for (const delayMs of [0, 500, 1_000, 2_000]) {
    again.mockClear();
    retry.broke();
    if (delayMs > 0) await vi.advanceTimersByTimeAsync(delayMs - 1);
    expect(again).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(again).toHaveBeenCalledOnce();
  }
});

it.each([
  [4_000, 0],
  [6_000, 1],
])('after %d ms of working, a break is made good at once %d times', async (steadyMs, calls) => {
  const again = vi.fn();
  const retry = new Retry(again);
  retry.broke();
  await vi.advanceTimersByTimeAsync(0);
  retry.worked();
  await vi.advanceTimersByTimeAsync(steadyMs);
  again.mockClear();
  retry.broke();
  await vi.advanceTimersByTimeAsync(0);
  expect(again).toHaveBeenCalledTimes(calls);
});

it('does nothing once stopped', async () => {
  const again = vi.fn();
  const retry = new Retry(again);
  retry.broke();
  retry.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(again).not.toHaveBeenCalled();
});
