import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { oneAtATime } from './oneAtATime';

describe('oneAtATime', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function counted() {
    const finish: (() => void)[] = [];
    const task = vi.fn(() => new Promise<void>((resolve) => finish.push(resolve)));
    return { task, finish };
  }

  it('runs at once, and once more for all calls meanwhile', async () => {
    const { task, finish } = counted();
    const run = oneAtATime(task, 1_000);
    run();
    run();
    run();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(task).toHaveBeenCalledTimes(1); // the first is not finished
    finish[0]?.();
    await vi.advanceTimersByTimeAsync(999);
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(task).toHaveBeenCalledTimes(2);
    finish[1]?.();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(task).toHaveBeenCalledTimes(2);
  });

  it('goes on after a failure and stops when told to', async () => {
    const task = vi.fn(() => Promise.reject(new Error('lost')));
    const run = oneAtATime(task, 100);
    run();
    await vi.advanceTimersByTimeAsync(100);
    run();
    expect(task).toHaveBeenCalledTimes(2);
    run();
    run.cancel();
    await vi.advanceTimersByTimeAsync(1_000);
    run();
    expect(task).toHaveBeenCalledTimes(2);
  });
});
