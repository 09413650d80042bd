import type { ProctoringEvent, Video } from '../../api/types';
import { backoffMs } from '../time/backoff';

export type LiveMessage =
  | { type: 'incident'; event: ProctoringEvent; phase: string }
  | { type: 'video'; video: Video }
  | { type: 'session'; status: string }
  | { type: 'people' }
  /** Something was missed. */
  | { type: 'resync' };

export interface LiveOptions {
  open(): WebSocket;
  onMessage(message: LiveMessage): void;
  /** Connected again after a loss: what was missed must be read anew. */
  onReconnected(): void;
  onConnected(connected: boolean): void;
  renew(): Promise<void>;
}

const KNOWN = new Set(['incident', 'video', 'session', 'people', 'resync']);

export function parseLiveMessage(data: unknown): LiveMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const value = JSON.parse(data) as LiveMessage | null;
    return value !== null && KNOWN.has(value.type) ? value : null;
  } catch {
    return null;
  }
}

/** Whoever opened the socket may no longer listen: another one would be refused. */
const ACCESS_ENDED = 4406;

/** Listens to a session's live updates and comes back after a loss; returns what closes it. */
export function listenLive(options: LiveOptions): () => void {
  let attempt = 0;
  let opened = false;
  let closed = false;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    if (closed) return;
    socket = options.open();
    socket.onopen = () => {
      attempt = 0;
      options.onConnected(true);
      if (opened) options.onReconnected();
      opened = true;
    };
    socket.onmessage = (event: MessageEvent) => {
      const message = parseLiveMessage(event.data);
      if (message) options.onMessage(message);
    };
    socket.onclose = (event: CloseEvent) => {
      if (closed) return;
      options.onConnected(false);
      if (event.code === ACCESS_ENDED) {
        options.onReconnected(); // what the page reads next is refused, and says so
        return;
      }
      timer = setTimeout(() => void options.renew().catch(() => undefined).then(connect), backoffMs(attempt++));
    };
  };

  connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  };
}
