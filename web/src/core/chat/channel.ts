import { CONNECT_WITHIN_MS, Link } from '../media/link';
import { HOPELESS, refusalCode } from '../media/outgoing';
import type { SignallingClient } from '../signalling/client';
import { Store } from '../store';
import { Retry } from '../time/retry';
import { chatReducer, EMPTY_CHAT, unsent, type ChatEvent, type ChatState } from './chat';
import { parseChatFrame } from './messages';

/** The chat of a room over a data channel, made anew whenever it breaks; what is written meanwhile waits. */
export class ChatChannel {
  readonly state = new Store<ChatState>(EMPTY_CHAT);

  private wanted = false;
  private selfId: string | null = null;
  private iceServers: RTCIceServer[] = [];
  private link: Link | null = null;
  private channel: RTCDataChannel | null = null;
  private openTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly retry = new Retry(() => this.connect());

  constructor(private readonly signalling: SignallingClient) {}

  /** In the room as this participant: the channel is wanted from now on. */
  open(selfId: string, iceServers: RTCIceServer[], resumed: boolean): void {
    const first = !this.wanted || selfId !== this.selfId;
    this.selfId = selfId;
    this.iceServers = iceServers;
    this.wanted = true;
    if (!first && resumed && this.channel?.readyState === 'open' && this.link?.pc.connectionState === 'connected') return;
    this.retry.forget();
    this.connect();
  }

  close(): void {
    this.wanted = false;
    this.retry.forget();
    this.closeLink();
  }

  say(text: string): void {
    const id = crypto.randomUUID();
    this.dispatch({ type: 'say', id, text });
    this.send(id, text);
  }

  /** Sends again what was refused. */
  sayAgain(id: string): void {
    const draft = this.state.get().drafts.find((other) => other.id === id);
    if (!draft) return;
    this.dispatch({ type: 'retry', id });
    this.send(id, draft.text);
  }

  discard(id: string): void {
    this.dispatch({ type: 'discard', id });
  }

  /** Whether the messages are on screen. */
  read(reading: boolean): void {
    this.dispatch({ type: 'reading', reading });
  }

  private connect(): void {
    this.closeLink();
    if (!this.wanted || this.signalling.state.phase !== 'open') return;
    const streamId = crypto.randomUUID();
    const link = new Link({
      signalling: this.signalling,
      iceServers: this.iceServers,
      streamId,
      direction: 'channel',
      onFailed: () => this.broke(link),
      offer: (sdp) => ({ type: 'channel', stream_id: streamId, sdp }),
    });
    this.link = link;
    const channel = link.pc.createDataChannel('chat', { ordered: true });
    this.channel = channel;
    this.openTimer = setTimeout(() => this.broke(link), CONNECT_WITHIN_MS);
    channel.onopen = () => {
      clearTimeout(this.openTimer);
      this.retry.worked();
      this.dispatch({ type: 'connected', connected: true });
      for (const draft of unsent(this.state.get())) this.send(draft.id, draft.text);
    };
    channel.onmessage = ({ data }: MessageEvent) => {
      const frame = parseChatFrame(data);
      if (frame) this.dispatch({ type: 'frame', frame, selfId: this.selfId });
    };
    channel.onclose = () => this.broke(link);
    link.negotiate().catch((error: unknown) => {
      if (!HOPELESS.has(refusalCode(error))) this.broke(link);
    });
  }

  private broke(link: Link): void {
    if (link !== this.link) return;
    this.closeLink();
    if (this.wanted && this.signalling.state.phase === 'open') this.retry.broke();
  }

  private closeLink(): void {
    clearTimeout(this.openTimer);
    if (this.channel) this.channel.onopen = this.channel.onmessage = this.channel.onclose = null;
    this.channel = null;
    this.link?.close();
    this.link = null;
    this.dispatch({ type: 'connected', connected: false });
  }

  private send(id: string, text: string): void {
    if (this.channel?.readyState === 'open') this.channel.send(JSON.stringify({ type: 'say', id, text }));
  }

  private dispatch(event: ChatEvent): void {
    this.state.update((state) => chatReducer(state, event));
  }
}
