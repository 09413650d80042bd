import type { SignallingClient } from '../signalling/client';
import { SignallingError, type ClientMessage, type Direction } from '../signalling/messages';

/** A PeerConnection that stays "disconnected" this long is given up; a lost packet or two must not do it. */
const DISCONNECTED_MS = 1_000;
/** Browsers take half a minute to give up a connection that does not come about. */
export const CONNECT_WITHIN_MS = 8_000;

export interface LinkOptions {
  signalling: SignallingClient;
  iceServers: RTCIceServer[];
  streamId: string;
  direction: Direction;
  /** The PeerConnection broke for good and must be made anew under a new offer. */
  onFailed(): void;
  /** Makes the request that carries the offer. */
  offer(sdp: string): ClientMessage;
  adaptOffer?(sdp: string): string;
  adaptAnswer?(sdp: string): string;
}

/** One PeerConnection of one stream in one direction: offers, trickles, watches for failure. */
export class Link {
  readonly pc: RTCPeerConnection;
  private readonly queued: (RTCIceCandidate | null)[] = [];
  private answered = false;
  private closed = false;
  private connectTimer: ReturnType<typeof setTimeout> | undefined;
  private disconnectTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LinkOptions) {
    this.pc = new RTCPeerConnection({ iceServers: options.iceServers, bundlePolicy: 'max-bundle' });
    this.pc.onicecandidate = ({ candidate }) => this.trickle(candidate);
    this.pc.onconnectionstatechange = () => this.watch();
  }

  /** Sends the offer and takes the answer. Throws SignallingError. */
  async negotiate(): Promise<void> {
    await this.describe();
    const sdp = this.pc.localDescription?.sdp ?? '';
    const reply = await this.options.signalling.request(this.options.offer(sdp));
    if (this.closed) return;
    if (reply.type !== 'answer') throw new SignallingError('bad_message', `expected an answer, got ${reply.type}`);
    await this.pc.setRemoteDescription({ type: 'answer', sdp: this.options.adaptAnswer?.(reply.sdp) ?? reply.sdp });
    this.answered = true;
    this.connectTimer = setTimeout(() => !this.closed && this.options.onFailed(), CONNECT_WITHIN_MS);
    this.watch();
    for (const candidate of this.queued.splice(0)) this.trickle(candidate);
  }

  /** Sets the local description; a browser that does not take the adapted one gets its own. */
  private async describe(): Promise<void> {
    const offer = await this.pc.createOffer();
    const sdp = this.options.adaptOffer?.(offer.sdp ?? '');
    try {
      await this.pc.setLocalDescription(sdp ? { type: 'offer', sdp } : offer);
    } catch (error) {
      if (!sdp) throw error;
      await this.pc.setLocalDescription(offer);
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.connectTimer);
    clearTimeout(this.disconnectTimer);
    this.pc.onicecandidate = null;
    this.pc.onconnectionstatechange = null;
    this.pc.ontrack = null;
    this.pc.close();
  }

  /** The server knows the stream only after its offer, so earlier candidates wait for the answer. */
  private trickle(candidate: RTCIceCandidate | null): void {
    if (!this.answered) {
      this.queued.push(candidate);
      return;
    }
    const { streamId, direction, signalling } = this.options;
    signalling.send({
      type: 'candidate',
      stream_id: streamId,
      direction,
      candidate: candidate && candidate.candidate !== '' ? candidate.candidate : null,
      ...(typeof candidate?.sdpMid === 'string' && { sdp_mid: candidate.sdpMid }),
      ...(typeof candidate?.sdpMLineIndex === 'number' && { sdp_m_line_index: candidate.sdpMLineIndex }),
    });
  }

  private watch(): void {
    if (this.closed) return;
    clearTimeout(this.disconnectTimer);
    const state = this.pc.connectionState;
    if (state === 'connected') clearTimeout(this.connectTimer);
    if (state === 'failed') this.options.onFailed();
    // With the socket gone too it is the network, and waiting shows nothing new.
    const graceMs = this.options.signalling.state.phase === 'open' ? DISCONNECTED_MS : 0;
    if (state === 'disconnected') this.disconnectTimer = setTimeout(() => this.options.onFailed(), graceMs);
  }
}
