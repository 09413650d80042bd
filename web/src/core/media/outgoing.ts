import type { SignallingClient } from '../signalling/client';
import { SignallingError, type StreamSource } from '../signalling/messages';
import { Store } from '../store';
import { Retry } from '../time/retry';
import type { Link } from './link';
import { publishLink } from './publish';

export type PublishState = 'off' | 'connecting' | 'connected' | { error: string };

/** Refusals that repeating would not change. */
export const HOPELESS: ReadonlySet<string> = new Set(['consent_required', 'codec_unsupported', 'not_allowed', 'unknown_stream', 'session_ended']);

export const refusalCode = (error: unknown): string => (error instanceof SignallingError ? error.code : 'internal');

/** The server tells once a second what it receives; silence about a stream this long means it no longer has it. */
const NO_STATS_MS = 3_000;

/** Neither side could reach the other: a firewall, or no kind of address in common. It is tried again all the same. */
const UNREACHABLE: PublishState = { error: 'media_unreachable' };

/** By then the server has read that a stream is unpublished. */
const UNPUBLISH_MS = 2_000;

/**
 * One stream of this participant on its way to the server. Whenever its PeerConnection breaks, another one is made under a new stream
 * id with the same tracks: camera and microphone go on as if nothing had happened.
 */
export class OutgoingStream {
  readonly state = new Store<PublishState>('off');
  /** Null when nothing is published. */
  streamId: string | null = null;

  private local: MediaStream | null = null;
  private link: Link | null = null;
  private readonly retry = new Retry(() => this.rebuild());
  private statsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly signalling: SignallingClient,
    private readonly source: StreamSource,
    private readonly iceServers: () => RTCIceServer[],
  ) {}

  start(local: MediaStream): void {
    this.local = local;
    this.rebuild();
  }

  /** Ends the stream for good. */
  stop(): void {
    const { link } = this;
    if (this.streamId) this.signalling.send({ type: 'unpublish', stream_id: this.streamId });
    this.link = null;
    this.close();
    // The end of the connection travels faster than the message about it, and alone would look like a loss.
    if (link) setTimeout(() => link.close(), UNPUBLISH_MS);
  }

  /** Lets go without telling anybody. */
  close(): void {
    this.local = null;
    this.retry.forget();
    this.closeLink();
    this.state.set('off');
  }

  /** The socket is here, or here again. A seat that was not resumed has no PeerConnections left on the server. */
  welcome(resumed: boolean): void {
    if (!this.local) return;
    this.retry.forget();
    if (resumed && this.link?.pc.connectionState === 'connected') this.expectStats();
    else this.rebuild();
  }

  /** The server has ended a stream. */
  removed(streamId: string): void {
    if (streamId === this.streamId && this.link) this.broke();
  }

  /** The server has told what it receives of a stream. */
  heard(streamId: string): void {
    if (streamId === this.streamId) clearTimeout(this.statsTimer);
  }

  /** Swaps a track without a new offer. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    const sender = this.link?.pc.getSenders().find((candidate) => candidate.track?.kind === track.kind);
    await sender?.replaceTrack(track);
  }

  /** A later PeerConnection takes these tracks. */
  use(local: MediaStream): void {
    if (this.local) this.local = local;
  }

  private expectStats(): void {
    clearTimeout(this.statsTimer);
    this.statsTimer = setTimeout(() => this.broke(), NO_STATS_MS);
  }

  private broke(state: PublishState = 'connecting'): void {
    this.closeLink();
    this.state.set(state);
    // Without a socket no offer can be made; `welcome` makes it.
    if (this.signalling.state.phase === 'open') this.retry.broke();
  }

  private closeLink(): void {
    this.retry.stop();
    clearTimeout(this.statsTimer);
    this.link?.close();
    this.link = null;
    this.streamId = null;
  }

  private rebuild(): void {
    this.closeLink();
    if (!this.local || this.signalling.state.phase !== 'open') return;
    const streamId = crypto.randomUUID();
    this.streamId = streamId;
    if (this.state.get() !== UNREACHABLE) this.state.set('connecting');
    let worked = false;
    const link: Link = publishLink(this.local, this.source, {
      signalling: this.signalling,
      iceServers: this.iceServers(),
      streamId,
      onFailed: () => link === this.link && this.broke(worked ? 'connecting' : UNREACHABLE),
    });
    this.link = link;
    link.pc.addEventListener('connectionstatechange', () => {
      if (link !== this.link || link.pc.connectionState !== 'connected') return;
      worked = true;
      this.retry.worked();
      this.state.set('connected');
    });
    link.negotiate().catch((error: unknown) => {
      if (link !== this.link) return;
      if (HOPELESS.has(refusalCode(error))) this.state.set({ error: refusalCode(error) });
      else this.broke();
    });
  }
}
