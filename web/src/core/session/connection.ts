import { ChatChannel } from '../chat/channel';
import { MediaConnections } from '../media/connections';
import { capture, CaptureError, captureTrack, stop, type CaptureErrorCode, type Device, type DeviceChoice } from '../media/capture';
import { captureScreen } from '../media/display';
import { SignallingClient, type ConnectionState, type SignallingOptions } from '../signalling/client';
import { SignallingError, type ServerMessage, type TrackKind } from '../signalling/messages';
import { Store } from '../store';
import { SessionWatch } from '../watch/watch';
import type { Surroundings } from '../watch/page';
import { EMPTY_ROOM, othersStreams, roomReducer, type RoomState } from './room';

export type CaptureState =
  | { phase: 'off' }
  | { phase: 'asking' }
  | { phase: 'on'; stream: MediaStream }
  | { phase: 'failed'; error: CaptureErrorCode };

/** What the session remembers in this tab across a reload. */
export interface TabMemory {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

export interface SessionOptions extends Omit<SignallingOptions, 'tokens'> {
  memory: TabMemory;
  /** Whether the session has a chat: one-way ones have nobody to talk to. */
  chat: boolean;
  /** The page that is watched where the policy says so. */
  around: Surroundings;
}

export interface Muted {
  audio: boolean;
  video: boolean;
}

/**
 * One person's place in one session, from the device check to the end: the socket, the captured camera and
 * microphone, every PeerConnection and the state of the room. Lives above the pages, so that none of it restarts between them.
 */
export class SessionConnection {
  readonly signalling: SignallingClient;
  readonly media: MediaConnections;
  readonly chat: ChatChannel;
  /** What this participant shares of their screen, null while they do not. */
  readonly screen = new Store<MediaStream | null>(null);
  readonly room = new Store<RoomState>(EMPTY_ROOM);
  readonly state: Store<ConnectionState>;
  readonly captured = new Store<CaptureState>({ phase: 'off' });
  readonly muted = new Store<Muted>({ audio: false, video: false });
  /** Notices what the policy watches for; only candidates' pages start it. */
  readonly watch: SessionWatch;
  readonly rttMs = new Store<number | null>(null);

  private readonly memory: TabMemory;
  private readonly hasChat: boolean;
  private choice: DeviceChoice;
  /** What was captured last: its camera goes on being sent when the microphone is gone. */
  private stream: MediaStream | null = null;
  private iceServers: RTCIceServer[] = [];
  /** The seat is a new one, and what was said in an older one is forgotten. */
  private fresh = false;

  constructor(options: SessionOptions) {
    this.memory = options.memory;
    this.hasChat = options.chat;
    this.muted.set({ audio: this.memory.get('muted_audio') === 'yes', video: this.memory.get('muted_video') === 'yes' });
    this.choice = { cameraId: this.memory.get('camera'), microphoneId: this.memory.get('microphone') };
    const tokens = { get: () => this.memory.get('resume_token'), set: (token: string | null) => this.memory.set('resume_token', token) };
    this.signalling = new SignallingClient({ ...options, tokens });
    this.media = new MediaConnections(this.signalling);
    this.chat = new ChatChannel(this.signalling);
    this.watch = new SessionWatch({
      signalling: this.signalling,
      ready: () => this.room.get().entered || this.room.get().waiting,
      around: options.around,
      devices: mediaDevices(),
      memory: (key) => ({ get: () => this.memory.get(key), set: (value) => this.memory.set(key, value) }),
    });
    this.state = new Store(this.signalling.state);
    this.signalling.events.on('state', (state) => this.changed(state));
    this.signalling.events.on('message', (message) => this.receive(message));
    this.signalling.events.on('rtt', (rttMs) => this.rttMs.set(rttMs));
  }

  /** Whether this tab entered the room before a reload. */
  get wantsRoom(): boolean {
    return this.memory.get('entered') === 'yes';
  }

  /** Asks for camera and microphone; connects and publishes when they are there. */
  async start(choice: Partial<DeviceChoice> = {}): Promise<void> {
    if (this.captured.get().phase === 'asking') return;
    this.choice = { ...this.choice, ...choice };
    this.captured.set({ phase: 'asking' });
    // After a reload the seat is warm: nothing is gained by waiting for the camera first.
    if (this.wantsRoom) this.connect();
    try {
      const devices = mediaDevices();
      const stream = await this.watch.during(capture(this.choice, devices?.getUserMedia.bind(devices)));
      const before = this.stream;
      this.use(stream);
      stop(before);
      this.connect();
      this.media.camera.start(stream);
    } catch (error) {
      this.captured.set({ phase: 'failed', error: error instanceof CaptureError ? error.code : 'camera_refused' });
    }
  }

  /** Connects the socket alone: interviewers may come without a camera. */
  connect(takeOver = false): void {
    this.signalling.connect(takeOver);
  }

  /** Swaps one device while everything else goes on. Throws CaptureError; the old device then stays. */
  async switchDevice(device: Device, deviceId: string): Promise<void> {
    const captured = this.captured.get();
    const kind: TrackKind = device === 'camera' ? 'video' : 'audio';
    if (captured.phase !== 'on') {
      await this.start(device === 'camera' ? { cameraId: deviceId } : { microphoneId: deviceId });
      return;
    }
    const track = await this.watch.during(captureTrack(device, deviceId, navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)));
    const old = captured.stream.getTracks().filter((other) => other.kind === kind);
    await this.media.camera.replaceTrack(track);
    for (const other of old) other.stop();
    this.memory.set(device, deviceId);
    const stream = new MediaStream([...captured.stream.getTracks().filter((other) => other.kind !== kind), track]);
    this.media.camera.use(stream);
    this.use(stream);
  }

  /** Enters the room; others see this participant from now on. Throws SignallingError. */
  async enter(): Promise<void> {
    this.memory.set('entered', 'yes');
    await this.signalling.request({ type: 'enter' });
  }

  /** Connects without camera and enters as soon as the seat is there (interviewers only). */
  enterWhenConnected(): void {
    this.memory.set('entered', 'yes');
    this.connect();
    if (this.signalling.state.phase === 'open') this.enter().catch(() => undefined);
  }

  setMuted(kind: TrackKind, muted: boolean): void {
    this.muted.update((state) => ({ ...state, [kind]: muted }));
    // A reload must not switch on again what somebody has switched off.
    this.memory.set(`muted_${kind}`, muted ? 'yes' : null);
    const captured = this.captured.get();
    if (captured.phase === 'on') this.silence(captured.stream);
    if (!muted) this.room.update((room) => (room.mutedBy?.kind === kind ? { ...room, mutedBy: null } : room));
    this.signalling.send({ type: 'mute', kind, muted });
  }

  /** The note about having been muted is read. */
  dismissMuted(): void {
    this.room.update((room) => ({ ...room, mutedBy: null }));
  }

  /** Lets a waiting candidate in; `participant_changed` tells that it happened. */
  admit(participantId: string): void {
    this.signalling.send({ type: 'admit', participant_id: participantId });
  }

  /** Puts somebody out of the room. */
  remove(participantId: string): void {
    this.signalling.send({ type: 'remove', participant_id: participantId });
  }

  askToMute(participantId: string, kind: TrackKind): void {
    this.signalling.send({ type: 'ask_mute', participant_id: participantId, kind });
  }

  /** Asks which screen to share and shares it until it is stopped here or in the browser's own bar. */
  async shareScreen(): Promise<void> {
    const stream = await this.watch.during(captureScreen(navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices)));
    if (!stream) return;
    for (const track of stream.getTracks()) track.onended = () => this.screen.get() === stream && this.stopSharing('browser');
    this.screen.set(stream);
    this.media.screen.start(stream);
  }

  stopSharing(by: 'button' | 'browser' = 'button'): void {
    if (this.screen.get() !== null) this.watch.screenStopped(by);
    stop(this.screen.get());
    this.screen.set(null);
    this.media.screen.stop();
  }

  async endSession(): Promise<void> {
    await this.signalling.request({ type: 'end_session' });
  }

  /** Gives up the seat and the devices for good. */
  leave(): void {
    this.memory.set('entered', null);
    this.watch.end();
    if (this.signalling.state.phase !== 'closed') this.signalling.leave();
    this.release();
  }

  /** The page goes away: devices are released, the seat stays warm for a reload. */
  dispose(): void {
    this.watch.close();
    this.signalling.dispose();
    this.release();
  }

  /** Lets go of camera, microphone and PeerConnections. */
  release(): void {
    this.media.close();
    this.chat.close();
    stop(this.screen.get());
    this.screen.set(null);
    stop(this.stream);
    this.stream = null;
    this.captured.set({ phase: 'off' });
  }

  private silence(stream: MediaStream): void {
    const muted = this.muted.get();
    for (const track of stream.getTracks()) track.enabled = !muted[track.kind as TrackKind];
  }

  private use(stream: MediaStream): void {
    this.stream = stream;
    this.silence(stream);
    for (const track of stream.getTracks()) {
      track.onended = () => {
        const current = this.captured.get();
        // Unplugged, or taken away in the browser's settings.
        if (current.phase === 'on' && current.stream.getTracks().includes(track)) {
          this.captured.set({ phase: 'failed', error: track.kind === 'video' ? 'camera_missing' : 'microphone_missing' });
        }
      };
    }
    this.captured.set({ phase: 'on', stream });
    this.watch.use(stream);
  }

  private receive(message: ServerMessage): void {
    const before = this.room.get();
    this.room.update((room) => roomReducer(room, message, performance.now()));
    this.media.receive(message);
    if ('ice_servers' in message) this.iceServers = message.ice_servers;
    if (message.type === 'welcome') {
      // A candidate at the door may have been let in while nobody could tell them.
      if (this.wantsRoom && !(message.resumed && before.entered)) this.enter().catch(() => undefined);
      this.repeatMutes();
    }
    if (message.type === 'mute_asked') this.mutedOnRequest(message.kind);
    if (message.type === 'session_ended') {
      this.watch.end();
      this.release();
    }
    const room = this.room.get();
    if (message.type === 'welcome') this.fresh = !message.resumed;
    const atTheDoor = message.type === 'welcome' || message.type === 'entered' || message.type === 'waiting';
    if (atTheDoor && (room.entered || room.waiting)) {
      this.watch.welcome(!this.fresh);
      this.fresh = false;
    }
    this.media.want(room.entered ? othersStreams(room) : []);
    const arrived = message.type === 'entered' || (message.type === 'welcome' && room.entered);
    if (this.hasChat && arrived && room.selfId !== null) this.chat.open(room.selfId, this.iceServers, message.type === 'welcome');
  }

  private mutedOnRequest(kind: TrackKind): void {
    const already = this.muted.get()[kind];
    if (already) this.dismissMuted();
    else this.setMuted(kind, true);
  }

  private repeatMutes(): void {
    const muted = this.muted.get();
    if (muted.audio) this.signalling.send({ type: 'mute', kind: 'audio', muted: true });
    if (muted.video) this.signalling.send({ type: 'mute', kind: 'video', muted: true });
  }

  private changed(state: ConnectionState): void {
    this.state.set(state);
    if (state.phase !== 'closed') return;
    // Who was put out knocks again by hand, if at all.
    if (state.error === 'removed') this.memory.set('entered', null);
    this.watch.stop();
    this.release();
  }
}

/** Only secure pages have mediaDevices. */
const mediaDevices = (): MediaDevices | undefined => ('mediaDevices' in navigator ? navigator.mediaDevices : undefined);

export const isSignallingError = (error: unknown): error is SignallingError => error instanceof SignallingError;
