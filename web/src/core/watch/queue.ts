import type { Notice, NoticeDetails, NoticeStep, NoticeType } from './notices';

/** As many as a long time offline can bring about. */
export const MAX_WAITING = 200;
const SLOWER_MS = 2_000;
/** Refusals after which the same notice may be taken. */
const LATER = new Set(['connection_lost', 'timeout', 'rate_limited', 'internal']);

export interface QueueOptions {
  /** Sends one notice; resolves to whether it was kept. Rejects with an error that has a `code`. */
  send(notice: Notice): Promise<boolean>;
  /** Whether the server would take notices now. */
  ready(): boolean;
  /** Outlives a reload of the page. */
  memory: { get(): string | null; set(value: string | null): void };
  onKept(notice: Notice): void;
}

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? '';

/**
 * Notices on their way to the server, one at a time and in order; each stays until the server has acknowledged it.
 *
 * When 200 wait, the oldest that is complete in itself makes way: something that happened at one moment, or a state together with its
 * end. What stays says the truth about what lasts.
 */
export class NoticeQueue {
  private readonly waiting: Notice[];
  private sending = false;
  private closed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: QueueOptions) {
    this.waiting = restored(options.memory.get());
  }

  get length(): number {
    return this.waiting.length;
  }

  push(event_type: NoticeType, step: NoticeStep, at_ms: number, details: NoticeDetails): void {
    this.waiting.push({ id: crypto.randomUUID(), event_type, step, at_ms, details });
    while (this.waiting.length > MAX_WAITING) this.makeWay();
    this.save();
    this.flush();
  }

  /** Sends what waits; called whenever the server is there again. */
  flush(): void {
    if (this.sending || this.closed) return;
    this.sending = true;
    void this.sendAll();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async sendAll(): Promise<void> {
    for (let notice = this.waiting[0]; notice && this.options.ready() && !this.closed; notice = this.waiting[0]) {
      try {
        if (await this.options.send(notice)) this.options.onKept(notice);
      } catch (error) {
        if (LATER.has(codeOf(error))) {
          this.sendLater();
          break;
        }
      }
      this.forget(notice);
    }
    this.sending = false;
  }

  private sendLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SLOWER_MS);
  }

  private forget(notice: Notice): void {
    const index = this.waiting.indexOf(notice);
    if (index >= 0) this.waiting.splice(index, 1);
    this.save();
  }

  private makeWay(): void {
    const complete = this.waiting.findIndex((notice) => notice.step === 'happened' || (notice.step === 'began' && this.endOf(notice) > 0));
    const first = this.waiting[complete];
    if (first?.step === 'began') this.waiting.splice(this.endOf(first), 1);
    this.waiting.splice(Math.max(0, complete), 1);
  }

  private endOf(began: Notice): number {
    const from = this.waiting.indexOf(began);
    return this.waiting.findIndex((notice, index) => index > from && notice.event_type === began.event_type && notice.step === 'ended');
  }

  private save(): void {
    this.options.memory.set(this.waiting.length > 0 ? JSON.stringify(this.waiting) : null);
  }
}

function restored(saved: string | null): Notice[] {
  try {
    const value: unknown = JSON.parse(saved ?? '[]');
    return Array.isArray(value) ? (value as Notice[]).slice(-MAX_WAITING) : [];
  } catch {
    return [];
  }
}
