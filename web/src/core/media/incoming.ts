import type { SignallingClient } from '../signalling/client';
import type { StreamInfo } from '../signalling/messages';
import { Retry } from '../time/retry';
import type { Link } from './link';
import { HOPELESS, refusalCode } from './outgoing';
import { subscribeLink } from './publish';

/** Somebody else's stream on its way here; its PeerConnection is made anew whenever it breaks. */
export class IncomingStream {
  media = new MediaStream();

  private link: Link | null = null;
  private readonly retry = new Retry(() => this.connect());

  constructor(
    private readonly signalling: SignallingClient,
    readonly info: StreamInfo,
    private readonly iceServers: () => RTCIceServer[],
    private readonly onChange: () => void,
  ) {
    this.connect();
  }

  /** The socket is here again; what was connected and still is stays. */
  resumed(): void {
    if (this.link?.pc.connectionState === 'connected') return;
    this.retry.forget();
    this.connect();
  }

  close(): void {
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
      if (link === this.link && link.pc.connectionState === 'connected') this.retry.worked();
    });
    link.negotiate().catch((error: unknown) => {
      if (link === this.link && !HOPELESS.has(refusalCode(error))) this.broke();
    });
  }

  /** The last picture stays on screen until another one comes. */
  private broke(): void {
    if (this.signalling.state.phase === 'open') this.retry.broke();
  }
}
