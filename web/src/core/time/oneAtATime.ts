export interface Repeatable {
  (): void;
  /** Runs nothing any more. */
  cancel: () => void;
}

/** Runs `task` when called, never twice at a time, and `gapMs` apart; calls meanwhile ask for one more run afterwards. */
export function oneAtATime(task: () => Promise<unknown>, gapMs: number): Repeatable {
  let state: 'idle' | 'busy' | 'cancelled' = 'idle';
  let again = false;

  const rested = () => {
    if (state === 'cancelled') return;
    state = 'idle';
    if (again) run();
  };
  const done = () => void setTimeout(rested, gapMs);
  const run = () => {
    again = state === 'busy';
    if (state !== 'idle') return;
    state = 'busy';
    void task().then(done, done);
  };
  return Object.assign(run, { cancel: () => void (state = 'cancelled') });
}
