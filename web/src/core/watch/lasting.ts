import type { NoticeDetails, NoticeType, Tell } from './notices';

export interface Memory {
  get(): string | null;
  set(value: string | null): void;
}

type States = Partial<Record<NoticeType, NoticeDetails | undefined>>;

/** The states that began and have not ended, also over a reload, so that each end is told once and no beginning twice. */
export class Lasting {
  private states: States;

  constructor(
    private readonly tell: Tell,
    private readonly memory: Memory,
  ) {
    this.states = restored(memory.get());
  }

  has(type: NoticeType): boolean {
    return this.states[type] !== undefined;
  }

  /** The state holds with these details, or (null) does not hold; other details are another state. */
  put(type: NoticeType, details: NoticeDetails | null, atMs?: number): void {
    const before = this.states[type];
    if (JSON.stringify(before ?? null) === JSON.stringify(details)) return;
    if (before) this.tell(type, 'ended', {}, atMs);
    if (details) this.tell(type, 'began', details, atMs);
    this.states = { ...this.states, [type]: details ?? undefined };
    this.memory.set(JSON.stringify(this.states));
  }

  /** Tells all that lasts once more, to a server that has forgotten it. */
  repeat(): void {
    const states = Object.entries(this.states) as [NoticeType, NoticeDetails | undefined][];
    for (const [type, details] of states) if (details) this.tell(type, 'began', details);
  }

  /** Nothing lasts any more, and nobody needs to be told. */
  forget(): void {
    this.states = {};
    this.memory.set(null);
  }
}

function restored(saved: string | null): States {
  try {
    const value: unknown = JSON.parse(saved ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
