const LOOK_EVERY_MS = 1_000;
/** Cameras send several pictures a second, black ones too. */
const STILL_MS = 4_000;

/** Looks once a second whether pictures still arrive; `onChange` says that they stopped, or go on. */
export class Stillness {
  still = false;

  private timer: ReturnType<typeof setInterval> | undefined;
  private frames = -1;
  private sinceMs = 0;

  constructor(
    private readonly count: () => Promise<number>,
    private readonly onChange: () => void,
  ) {}

  start(): void {
    this.stop();
    this.sinceMs = performance.now();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const frames = await this.count().catch(() => this.frames);
    const nowMs = performance.now();
    if (frames !== this.frames) this.sinceMs = nowMs;
    this.frames = frames;
    const still = nowMs - this.sinceMs >= STILL_MS;
    if (still === this.still) return;
    this.still = still;
    this.onChange();
  }
}
