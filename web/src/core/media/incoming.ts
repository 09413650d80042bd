import type { SignallingClient } from '../signalling/client';
import type { StreamInfo } from '../signalling/messages';
import { Retry } from '../time/retry';
import type { Link } from './link';
import { HOPELESS, refusalCode } from './outgoing';
import { subscribeLink } from './publish';
import { Stillness } from './stillness';

/** Somebody else's stream on its way here; its PeerConnection is made anew whenever it breaks. */
export class IncomingStream {
  media = new MediaStream();

  private link: Link | null = null;
  private readonly retry = new Retry(() => this.connect());
  private readonly stillness = new Stillness(() => this.frames(), () => this.onChange());

  constructor(
    private readonly signalling: SignallingClient,
    readonly info: StreamInfo,
    private readonly iceServers: () => RTCIceServer[],
    private readonly onChange: () => void,
  ) {
    this.connect();
  }

  /** A camera whose picture stands still: the page it comes from is frozen, or something is in the way. */
  get paused(): boolean {
    return this.stillness.still;
  }

  /** The socket is here again; what was connected and still is stays. */
  resumed(): void {
    if (this.link?.pc.connectionState === 'connected') return;
    this.retry.forget();
    this.connect();
  }

  close(): void {
    this.stillness.stop();
    this.retry.stop();
    this.link?.close();
    this.link = null;
  }

  private connect(): void {
    this.close();
    if (this.signalling.state.phase !== 'open') return;
    const received: MediaStreamTrack[] = [];
    const link = subscribeLink(
      { audio: this.info.has_audio, video: this.info.has_video },
      (track) => {
        received.push(track);
        // A new stream, so that a video element notices the track that came later.
        this.media = new MediaStream(received);
        this.onChange();
      },
      { signalling: this.signalling, iceServers: this.iceServers(), streamId: this.info.stream_id, onFailed: () => this.broke() },
    );
    this.link = link;
    link.pc.addEventListener('connectionstatechange', () => {
      if (link !== this.link || link.pc.connectionState !== 'connected') return;
      this.retry.worked();
      if (this.info.source === 'camera' && this.info.has_video) this.stillness.start();
    });
    link.negotiate().catch((error: unknown) => {
      if (link === this.link && !HOPELESS.has(refusalCode(error))) this.broke();
    });
  }

  /** How many pictures have arrived. */
  private async frames(): Promise<number> {
    const reports = await this.link?.pc.getStats();
    let frames = 0;
    reports?.forEach((report: RTCInboundRtpStreamStats) => {
      if (report.type === 'inbound-rtp' && report.kind === 'video') frames += report.framesReceived ?? report.framesDecoded ?? 0;
    });
    return frames;
  }

  /** The last picture stays on screen until another one comes. */
  private broke(): void {
    if (this.signalling.state.phase === 'open') this.retry.broke();
  }
}
