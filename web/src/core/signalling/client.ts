import { Emitter } from '../emitter';
import { clientClockMs } from '../time/clientClock';
import { Comeback } from './comeback';
import { parseServerMessage, SignallingError, type ClientMessage, type ServerMessage, type Welcome } from './messages';
import { Watchdog } from './watchdog';

export type ConnectionState =
  | { phase: 'idle' }
  | { phase: 'connecting' }
  | { phase: 'open' }
  /** `sinceMs` is the client's clock at the loss. */
  | { phase: 'reconnecting'; sinceMs: number }
  /** Over for good; `error` is a code of docs/PROTOCOL.md, null after a leave. */
  | { phase: 'closed'; error: string | null };

/** Where the resume token outlives a reload. */
export interface TokenStore {
  get(): string | null;
  set(token: string | null): void;
}

export interface SignallingOptions {
  open(): WebSocket;
  tokens: TokenStore;
  /** Renews the sign-in when a reconnection is refused: the cookie may have run out in a long interview. */
  renew(): Promise<void>;
  /** Whether the server answers at all within this time; never rejects. */
  reach(timeoutMs: number): Promise<boolean>;
}

interface Pending {
  timer: ReturnType<typeof setTimeout>;
  resolve(message: ServerMessage): void;
  reject(error: SignallingError): void;
}

const FIRST_CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** Errors after which another attempt would only be refused again. */
const FINAL = new Set(['already_connected', 'superseded', 'session_ended', 'room_full', 'offer_timeout', 'not_allowed', 'removed', 'access_ended']);
/** The same by close code, for a close whose error message was lost. */
const FINAL_CLOSE: Record<number, string> = {
  4403: 'removed',
  4406: 'access_ended',
  4408: 'offer_timeout',
  4409: 'already_connected',
  4410: 'superseded',
  4411: 'session_ended',
};

interface Events {
  message: ServerMessage;
  welcome: Welcome;
  state: ConnectionState;
  /** Round trip to the server in milliseconds. */
  rtt: number;
}

/** The socket of one participant: says hello, matches replies, pings, and comes back after a loss. */
export class SignallingClient {
  readonly events = new Emitter<Events>();
  state: ConnectionState = { phase: 'idle' };

  private socket: WebSocket | null = null;
  /** Ends the attempt to open a socket that is under way. */
  private abandon: (() => void) | null = null;
  private nextRef = 1;
  private takeOver = false;
  private fatal: string | null = null;
  private readonly pending = new Map<string, Pending>();
  private readonly watchdog = new Watchdog(
    () => this.ping(),
    () => this.socket && this.lost(this.socket, 1006),
  );
  private readonly comeback: Comeback;

  constructor(private readonly options: SignallingOptions) {
    this.comeback = new Comeback({
      reach: (timeoutMs) => options.reach(timeoutMs),
      renew: () => options.renew(),
      open: (timeoutMs) => this.openSocket(timeoutMs),
    });
  }

  /** Connects; with `takeOver` another tab of the same participant is replaced. */
  connect(takeOver = false): void {
    if (this.state.phase === 'open' || this.state.phase === 'connecting' || this.state.phase === 'reconnecting') return;
    this.takeOver = takeOver;
    this.fatal = null;
    this.setState({ phase: 'connecting' });
    void this.openSocket(FIRST_CONNECT_TIMEOUT_MS).then((opened) => {
      if (!opened && this.state.phase === 'connecting') this.comeBack();
    });
  }

  /** Sends without waiting; dropped when not connected, since a reconnection brings the whole truth. */
  send(message: ClientMessage): void {
    if (this.state.phase === 'open') this.write(message);
  }

  /** Sends and waits for the reply with the same ref; rejects with SignallingError. */
  request(message: ClientMessage): Promise<ServerMessage> {
    if (this.state.phase !== 'open') return Promise.reject(new SignallingError('connection_lost', 'not connected'));
    const ref = String(this.nextRef++);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(ref, new SignallingError('timeout', 'no reply in time')), REQUEST_TIMEOUT_MS);
      this.pending.set(ref, { resolve, reject, timer });
      this.write({ ...message, ref });
    });
  }

  ping(): void {
    this.send({ type: 'ping', sent_at_ms: clientClockMs() });
  }

  /** Looks at once whether the server is there, e.g. when the network came back or the page is seen again. */
  retryNow(): void {
    if (this.state.phase === 'open') this.watchdog.probe();
    if (this.state.phase !== 'reconnecting' || this.socket?.readyState === WebSocket.OPEN) return;
    this.abandon?.();
    this.comeback.hurry();
  }

  /** Gives up the seat for good. */
  leave(): void {
    this.send({ type: 'leave' });
    this.options.tokens.set(null);
    this.finish(null);
  }

  /** Drops the socket without giving up the seat (the page goes away). */
  dispose(): void {
    this.finish(null);
    this.events.clear();
  }

  /** One attempt: true once the socket is open, false when it was refused or took too long. */
  private openSocket(timeoutMs: number): Promise<boolean> {
    const socket = this.options.open();
    this.socket = socket;
    return new Promise((resolve) => {
      const done = (opened: boolean) => {
        clearTimeout(timer);
        this.abandon = null;
        if (!opened) this.drop(socket);
        resolve(opened);
      };
      const timer = setTimeout(() => done(false), timeoutMs);
      this.abandon = () => done(false);
      socket.onmessage = (event: MessageEvent) => this.receive(event.data);
      socket.onclose = () => done(false);
      socket.onopen = () => {
        socket.onclose = (event: CloseEvent) => this.lost(socket, event.code);
        done(true);
        this.hello(this.options.tokens.get());
        // A socket that comes back and then says nothing is as dead as one that does not open.
        if (this.state.phase === 'reconnecting') this.watchdog.start();
      };
    });
  }

  /** Lets a socket go; what it may still receive concerns a conversation that is over. */
  private drop(socket: WebSocket): void {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    if (this.socket === socket) this.socket = null;
  }

  private hello(token: string | null): void {
    this.write({
      type: 'hello',
      ...(token && !this.takeOver && { resume_token: token }),
      ...(this.takeOver && { take_over: true }),
    });
  }

  private receive(data: unknown): void {
    this.watchdog.heard();
    const message = parseServerMessage(data);
    if (!message) return;
    if (message.type === 'welcome') this.welcomed(message);
    if (message.type === 'pong') this.events.emit('rtt', clientClockMs() - message.sent_at_ms);
    if (message.type === 'session_ended') this.fatal = 'session_ended';
    if (message.type === 'error') this.refused(message.error, message.fatal === true);
    if (typeof message.ref === 'string') {
      this.settle(message.ref, message.type === 'error' ? new SignallingError(message.error, message.detail) : message);
    }
    this.events.emit('message', message);
  }

  private welcomed(message: Welcome): void {
    this.takeOver = false;
    this.comeback.stop();
    this.options.tokens.set(message.resume_token);
    this.setState({ phase: 'open' });
    this.watchdog.start();
    this.events.emit('welcome', message);
  }

  private refused(code: string, fatal: boolean): void {
    if (code === 'resume_unknown') {
      this.options.tokens.set(null);
      this.hello(null);
    } else if (FINAL.has(code) && (fatal || this.state.phase !== 'open')) {
      this.fatal = code;
      // The server closes; should its close frame be lost, the seat is gone all the same.
      this.finish(code);
    }
  }

  private lost(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.drop(socket);
    this.watchdog.stop();
    this.rejectAll();
    const final = this.fatal ?? FINAL_CLOSE[code] ?? null;
    if (final !== null || this.state.phase === 'closed') {
      this.finish(final);
      return;
    }
    this.comeBack();
  }

  private comeBack(): void {
    if (this.state.phase !== 'reconnecting') this.setState({ phase: 'reconnecting', sinceMs: performance.now() });
    this.comeback.start();
  }

  private finish(error: string | null): void {
    this.comeback.stop();
    this.abandon?.();
    this.watchdog.stop();
    if (this.socket) this.drop(this.socket);
    this.rejectAll();
    if (error !== null) this.options.tokens.set(null);
    if (this.state.phase !== 'closed') this.setState({ phase: 'closed', error });
  }

  private settle(ref: string, outcome: ServerMessage | SignallingError): void {
    const waiting = this.pending.get(ref);
    this.pending.delete(ref);
    clearTimeout(waiting?.timer);
    if (outcome instanceof SignallingError) waiting?.reject(outcome);
    else waiting?.resolve(outcome);
  }

  private rejectAll(): void {
    for (const ref of [...this.pending.keys()]) this.settle(ref, new SignallingError('connection_lost', 'the connection was lost'));
  }

  private write(message: ClientMessage & { ref?: string }): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private setState(state: ConnectionState): void {
    this.state = state;
    this.events.emit('state', state);
  }
}
