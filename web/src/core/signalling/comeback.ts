import { comebackDelayMs } from '../time/backoff';

const REACH_TIMEOUT_MS = 1_200;
const RENEW_TIMEOUT_MS = 3_000;
/** Now and then the socket is tried even though the server does not answer: the way there may be another one. */
const BLIND_EVERY = 8;

export interface ComebackOptions {
  /** Whether the server answers at all within this time; must not reject. */
  reach(timeoutMs: number): Promise<boolean>;
  /** Renews the sign-in: the cookie may have run out in a long interview. */
  renew(): Promise<void>;
  /** Opens a socket; true once it is open, false when it was refused or took too long. */
  open(timeoutMs: number): Promise<boolean>;
}

const CONNECT_TIMEOUT_MS = 1_500;
/** The server is known to answer, so slowness is load and not a lost network. */
const REACHED_TIMEOUT_MS = 6_000;

const AGAIN_MS = 1_000;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Tries to open a socket again until it works.
 *
 * Chromium slows a page's sockets down to one in 1–5 s after some failures, so most attempts are requests and the socket is opened
 * when one was answered.
 */
export class Comeback {
  /** Attempts of an older run, which must not go on, carry an older number. */
  private run = 0;
  private sinceMs = 0;
  private startedMs = -Infinity;
  private attempt = 0;

  constructor(private readonly options: ComebackOptions) {}

  /** Begins at once, unless the last beginning was a moment ago: a socket may be closed as soon as it opens. */
  start(): void {
    const nowMs = performance.now();
    const again = nowMs - this.startedMs < AGAIN_MS;
    this.startedMs = nowMs;
    if (this.attempt === 0) this.sinceMs = nowMs;
    this.begin(again ? AGAIN_MS : 0);
  }

  /** Abandons the attempt under way, which may have been lost with the network, for a new one. */
  hurry(): void {
    if (this.attempt > 0) this.begin();
  }

  stop(): void {
    this.run += 1;
    this.attempt = 0;
  }

  private begin(delayMs = 0): void {
    this.run += 1;
    void this.repeat(this.run, delayMs);
  }

  private async repeat(run: number, delayMs: number): Promise<void> {
    if (delayMs > 0) await sleep(delayMs);
    while (run === this.run) {
      const attempt = this.attempt++;
      if (await this.once(run, attempt)) return;
      await sleep(comebackDelayMs(performance.now() - this.sinceMs));
    }
  }

  private async once(run: number, attempt: number): Promise<boolean> {
    const reached = attempt > 0 && (await this.options.reach(REACH_TIMEOUT_MS));
    if (run !== this.run) return true;
    if (!reached && attempt % BLIND_EVERY !== 0) return false;
    if (await this.options.open(reached ? REACHED_TIMEOUT_MS : CONNECT_TIMEOUT_MS)) return true;
    // The server answers and yet refuses the socket: perhaps the sign-in ran out. If not, the socket itself will tell.
    if (reached && run === this.run) await Promise.race([this.options.renew().catch(() => undefined), sleep(RENEW_TIMEOUT_MS)]);
    return false;
  }
}
