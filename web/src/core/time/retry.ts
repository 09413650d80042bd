import { backoffMs } from './backoff';

/** What held this long and broke then may be made anew at once. */
const STEADY_MS = 5_000;

/** When to make something anew that breaks: at once the first time, with growing pauses while it keeps breaking. */
export class Retry {
  private attempt = 0;
  private steadySinceMs: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly again: () => void) {}

  /** It works now. */
  worked(): void {
    this.steadySinceMs = performance.now();
  }

  /** It broke: it is made anew after a pause that fits. */
  broke(): void {
    if (this.steadySinceMs !== null && performance.now() - this.steadySinceMs >= STEADY_MS) this.attempt = 0;
    this.steadySinceMs = null;
    clearTimeout(this.timer);
    const delayMs = this.attempt === 0 ? 0 : backoffMs(this.attempt - 1);
    this.attempt += 1;
    this.timer = setTimeout(this.again, delayMs);
  }

  /** Nothing is made anew any more, until it breaks again. */
  stop(): void {
    clearTimeout(this.timer);
  }

  /** Past failures say nothing any more, e.g. because the network is another one. */
  forget(): void {
    this.stop();
    this.attempt = 0;
    this.steadySinceMs = null;
  }
}
