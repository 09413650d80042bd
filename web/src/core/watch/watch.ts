import type { SignallingClient } from '../signalling/client';
import { Store } from '../store';
import { clientClockMs } from '../time/clientClock';
import { deviceChanges, switches, type InUse, type KnownDevice } from './devices';
import { Lasting, type Memory } from './lasting';
import { named, type Notice, type NoticeDetails, type NoticeStep, type NoticeType } from './notices';
import { PageWatch, type Surroundings } from './page';
import { NoticeQueue } from './queue';

/** Devices come and go in several steps. */
const DEVICES_SETTLE_MS = 500;
const SHOWN_MS = 12_000;

export interface WatchOptions {
  signalling: SignallingClient;
  /** Whether the candidate is past the device check: the server takes nothing before. */
  ready(): boolean;
  around: Surroundings;
  devices?: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;
  memory(key: 'notices' | 'lasting'): Memory;
}

/** What the candidate reads about the last thing that was noted. */
export interface Noted {
  id: string;
  type: NoticeType;
  /** It still is so. */
  lasting: boolean;
}

/**
 * Notices what the session's policy watches for, from the room's door to the end, and tells the server. Nothing is looked at
 * before `start` and after `stop`.
 */
export class SessionWatch {
  /** What the candidate is told; null while nothing was noted lately. */
  readonly noted = new Store<Noted | null>(null);

  private readonly queue: NoticeQueue;
  private readonly lasting: Lasting;
  private readonly page: PageWatch;
  private types: ReadonlySet<NoticeType> = new Set();
  private running = false;
  /** The server made a new seat and knows of nothing that lasts. */
  private forgotten = false;
  private inUse: InUse = { camera: null, microphone: null };
  private known: readonly KnownDevice[] | null = null;
  private devicesTimer: ReturnType<typeof setTimeout> | undefined;
  private shownTimer: ReturnType<typeof setTimeout> | undefined;
  private keptLasting: readonly Noted[] = [];

  constructor(private readonly options: WatchOptions) {
    this.queue = new NoticeQueue({
      send: (notice) => this.send(notice),
      ready: () => options.signalling.state.phase === 'open' && options.ready(),
      memory: options.memory('notices'),
      onKept: (notice) => this.show(notice),
    });
    this.lasting = new Lasting(this.tell, options.memory('lasting'));
    this.page = new PageWatch(options.around, this.lasting, this.tell, clientClockMs);
  }

  /** Watches for these types from now on; others in the list are not the browser's to notice. */
  start(types: readonly string[]): void {
    if (this.running) return;
    this.running = true;
    this.types = new Set(types as NoticeType[]);
    this.repeatForgotten();
    this.page.start(this.types);
    if (this.types.has('device_changed')) {
      this.options.devices?.addEventListener('devicechange', this.devicesChanged);
      void this.lookAtDevices();
    }
    this.tellCamera();
    this.queue.flush();
  }

  stop(): void {
    if (!this.running) return;
    this.running = false;
    this.page.stop();
    this.options.devices?.removeEventListener('devicechange', this.devicesChanged);
    clearTimeout(this.devicesTimer);
    clearTimeout(this.shownTimer);
    this.known = null;
    this.noted.set(null);
  }

  /** The session is over: what waits is nobody's business any more. */
  end(): void {
    this.stop();
    this.queue.close();
    this.lasting.forget();
    this.options.memory('notices').set(null);
  }

  /** The page goes away; what waits is sent after it is loaded again. */
  close(): void {
    this.stop();
    this.queue.close();
  }

  /** The server is (again) ready to take notices; one that made a new seat has forgotten what lasts. */
  welcome(resumed: boolean): void {
    this.forgotten ||= !resumed;
    if (this.running) this.repeatForgotten();
    this.queue.flush();
  }

  /** The devices in use. */
  use(stream: MediaStream): void {
    const label = (kind: string) => stream.getTracks().find((track) => track.kind === kind)?.label ?? null;
    const before = this.inUse;
    this.inUse = { camera: label('video'), microphone: label('audio') };
    for (const details of switches(before, this.inUse)) this.happened('device_changed', details);
    this.tellCamera();
  }

  screenStopped(by: 'button' | 'browser'): void {
    this.happened('screen_share_stopped', { by });
  }

  /** Waits for an answer to a question of the browser, which takes the window's focus. */
  during<T>(question: Promise<T>): Promise<T> {
    return this.page.during(question);
  }

  private repeatForgotten(): void {
    if (this.forgotten) this.lasting.repeat();
    this.forgotten = false;
  }

  private readonly tell = (type: NoticeType, step: NoticeStep, details: NoticeDetails = {}, atMs = clientClockMs()): void => {
    this.queue.push(type, step, atMs, details);
  };

  private happened(type: NoticeType, details: NoticeDetails): void {
    if (this.running && this.types.has(type)) this.tell(type, 'happened', details);
  }

  /** Every camera's name is told: the server knows which are programs. */
  private tellCamera(): void {
    const { camera } = this.inUse;
    if (this.running && this.types.has('virtual_camera') && camera !== null) this.lasting.put('virtual_camera', { label: named(camera) });
  }

  private async send({ id, event_type, step, at_ms, details }: Notice): Promise<boolean> {
    const reply = await this.options.signalling.request({ type: 'noticed', id, event_type, step, at_ms, details });
    return reply.type === 'noted' && reply.kept;
  }

  private readonly devicesChanged = (): void => {
    clearTimeout(this.devicesTimer);
    this.devicesTimer = setTimeout(() => void this.lookAtDevices(), DEVICES_SETTLE_MS);
  };

  private async lookAtDevices(): Promise<void> {
    const devices = await this.options.devices?.enumerateDevices().catch(() => undefined);
    if (!devices || !this.running) return;
    for (const details of this.known ? deviceChanges(this.known, devices) : []) this.happened('device_changed', details);
    this.known = devices;
  }

  private show({ id, event_type: type, step }: Notice): void {
    if (!this.running) return;
    const noted: Noted = { id, type, lasting: step === 'began' };
    this.keptLasting = this.keptLasting.filter((other) => other.type !== type);
    if (noted.lasting) this.keptLasting = [...this.keptLasting, noted];
    // The end of something older says less than what was noted since.
    const shown = this.noted.get();
    if (step === 'ended' && shown !== null && shown.type !== type) return;
    this.noted.set(noted);
    clearTimeout(this.shownTimer);
    if (!noted.lasting) this.shownTimer = setTimeout(() => this.noted.set(this.keptLasting.at(-1) ?? null), SHOWN_MS);
  }
}
