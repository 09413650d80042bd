import type { SignallingClient } from '../signalling/client';
import type { ServerMessage, StreamInfo } from '../signalling/messages';
import { Store } from '../store';
import { IncomingStream } from './incoming';
import { OutgoingStream } from './outgoing';

export type { PublishState } from './outgoing';

export interface RemoteStream {
  info: StreamInfo;
  media: MediaStream;
  /** Its picture stands still. */
  paused: boolean;
}

/** All PeerConnections with picture and sound: camera and screen on their way out, one for every stream received. */
export class MediaConnections {
  readonly remote = new Store<readonly RemoteStream[]>([]);
  readonly camera: OutgoingStream;
  readonly screen: OutgoingStream;

  private readonly incoming = new Map<string, IncomingStream>();
  private iceServers: RTCIceServer[] = [];

  constructor(private readonly signalling: SignallingClient) {
    this.camera = new OutgoingStream(signalling, 'camera', () => this.iceServers);
    this.screen = new OutgoingStream(signalling, 'screen', () => this.iceServers);
  }

  /** Keeps what is sent and received in step with what the server says. */
  receive(message: ServerMessage): void {
    const outgoing = [this.camera, this.screen];
    if ('ice_servers' in message) this.iceServers = message.ice_servers;
    if (message.type === 'welcome') this.welcome(message.resumed);
    if (message.type === 'stream_removed') for (const stream of outgoing) stream.removed(message.stream_id);
    if (message.type === 'stream_stats') for (const stream of outgoing) stream.heard(message.stream_id);
  }

  /** Receives exactly these streams: opens what is new, closes what is gone. */
  want(streams: readonly StreamInfo[]): void {
    const wanted = new Map(streams.map((stream) => [stream.stream_id, stream]));
    // A stream that is to be heard from now on needs an offer with sound in it.
    const gone = [...this.incoming.values()].filter(({ info }) => wanted.get(info.stream_id)?.has_audio !== info.has_audio);
    for (const { info } of gone) this.drop(info.stream_id);
    const added = streams.filter((stream) => !this.incoming.has(stream.stream_id));
    if (gone.length === 0 && added.length === 0) return;
    for (const info of added) {
      const stream = new IncomingStream(this.signalling, info, () => this.iceServers, () => this.announce());
      this.incoming.set(info.stream_id, stream);
    }
    this.announce();
  }

  close(): void {
    this.camera.close();
    this.screen.close();
    for (const id of [...this.incoming.keys()]) this.drop(id);
    this.announce();
  }

  private welcome(resumed: boolean): void {
    if (resumed) for (const stream of this.incoming.values()) stream.resumed();
    else for (const id of [...this.incoming.keys()]) this.drop(id);
    this.camera.welcome(resumed);
    this.screen.welcome(resumed);
  }

  private drop(streamId: string): void {
    this.incoming.get(streamId)?.close();
    this.incoming.delete(streamId);
  }

  private announce(): void {
    this.remote.set([...this.incoming.values()].map(({ info, media, paused }) => ({ info, media, paused })));
  }
}
