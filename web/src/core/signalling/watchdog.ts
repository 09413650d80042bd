const PING_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 2_500;
/** A timer this late was held up with the whole page (sleep, a frozen tab): the silence says nothing then. */
const OVERSLEPT_MS = 1_000;

/** Notices a dead socket: asks every two seconds, and after 2.5 s without any answer gives it up. */
export class Watchdog {
  private interval: ReturnType<typeof setInterval> | undefined;
  private answer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ping: () => void,
    private readonly onDead: () => void,
  ) {}

  start(): void {
    this.stop();
    this.interval = setInterval(() => this.probe(), PING_EVERY_MS);
    this.probe();
  }

  stop(): void {
    clearInterval(this.interval);
    this.heard();
  }

  /** Anything that arrives shows that the socket lives. */
  heard(): void {
    clearTimeout(this.answer);
    this.answer = undefined;
  }

  /** Asks now; an earlier question that is still open keeps its time limit. */
  probe(): void {
    this.ping();
    if (this.answer !== undefined) return;
    const dueMs = performance.now() + ANSWER_WITHIN_MS;
    this.answer = setTimeout(() => {
      this.answer = undefined;
      if (performance.now() - dueMs > OVERSLEPT_MS) this.probe();
      else this.onDead();
    }, ANSWER_WITHIN_MS);
  }
}
