import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignallingClient } from '../signalling/client';
import { SignallingError, type ClientMessage } from '../signalling/messages';
import { OutgoingStream } from './outgoing';

/** A PeerConnection whose fate the test decides. */
class FakeConnection {
  static made: FakeConnection[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  onicecandidate: unknown = null;
  ontrack: unknown = null;
  onconnectionstatechange: (() => void) | null = null;
  tracks: unknown[] = [];
  private readonly listeners: (() => void)[] = [];

  constructor() {
    FakeConnection.made.push(this);
  }
  addTransceiver(track: unknown) {
    this.tracks.push(track);
    return { sender: { getParameters: () => ({}), setParameters: () => Promise.resolve() } };
  }
  addEventListener(_name: string, listener: () => void) {
    this.listeners.push(listener);
  }
  createOffer = () => Promise.resolve({ sdp: 'offer' });
  setLocalDescription = () => Promise.resolve();
  setRemoteDescription = () => Promise.resolve();
  close() {
    this.connectionState = 'closed';
  }
  becomes(state: RTCPeerConnectionState) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
    for (const listener of this.listeners) listener();
  }
}

const camera = { kind: 'video', contentHint: '' };
const local = { getAudioTracks: () => [], getVideoTracks: () => [camera] } as unknown as MediaStream;

function harness() {
  const published: string[] = [];
  const signalling = {
    state: { phase: 'open' },
    refuse: '',
    request(message: ClientMessage) {
      if (signalling.state.phase !== 'open') return Promise.reject(new SignallingError('connection_lost', ''));
      if (message.type === 'publish') published.push(message.stream_id);
      if (signalling.refuse) return Promise.reject(new SignallingError(signalling.refuse, ''));
      return Promise.resolve({ type: 'answer', stream_id: '', direction: 'publish', sdp: '' });
    },
    send: vi.fn(),
  };
  const stream = new OutgoingStream(signalling as unknown as SignallingClient, 'camera', () => []);
  const last = () => FakeConnection.made.at(-1) ?? expect.fail('no connection');
  const connect = async () => {
    stream.start(local);
    await vi.advanceTimersByTimeAsync(0);
    last().becomes('connected');
  };
  return { stream, signalling, published, last, connect };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeConnection.made = [];
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  vi.stubGlobal('RTCRtpSender', {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('OutgoingStream', () => {
  it('is published anew, with the same track under a new id, after a second of "disconnected"', async () => {
    const { stream, published, last, connect } = harness();
    await connect();
    last().becomes('disconnected');
    await vi.advanceTimersByTimeAsync(999);
    expect(published).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(new Set(published).size).toBe(2);
    expect(last().tracks).toEqual([camera]);
    expect(stream.streamId).toBe(published[1]);
    last().becomes('connected');
    expect(stream.state.get()).toBe('connected');
  });

  it('stays when it recovers by itself in time', async () => {
    const { published, last, connect } = harness();
    await connect();
    last().becomes('disconnected');
    await vi.advanceTimersByTimeAsync(900);
    last().becomes('connected');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(published).toHaveLength(1);
  });

  it.each(['failed', 'removed'] as const)('is published anew at once when it is %s', async (how) => {
    const { stream, published, last, connect } = harness();
    await connect();
    if (how === 'failed') last().becomes('failed');
    else stream.removed(published[0] ?? '');
    await vi.advanceTimersByTimeAsync(0);
    expect(published).toHaveLength(2);
  });

  it('ignores the end of a stream it has already replaced', async () => {
    const { stream, published, last, connect } = harness();
    await connect();
    stream.removed(published[0] ?? '');
    await vi.advanceTimersByTimeAsync(0);
    last().becomes('connected');
    stream.removed(published[0] ?? '');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(published).toHaveLength(2);
  });

  it('waits for the socket when that is gone too, and does not wait when it is back', async () => {
    const { stream, signalling, published, last, connect } = harness();
    await connect();
    signalling.state.phase = 'reconnecting';
    last().becomes('disconnected');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(published).toHaveLength(1);
    signalling.state.phase = 'open';
    stream.welcome(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(published).toHaveLength(2);
  });

  it('keeps what outlived the socket if the server still hears it', async () => {
    const { stream, published, connect } = harness();
    await connect();
    stream.welcome(true);
    stream.heard(published[0] ?? '');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(published).toHaveLength(1);
    stream.welcome(true);
    await vi.advanceTimersByTimeAsync(3_001);
    expect(published).toHaveLength(2);
  });

  it('is published anew when it does not connect within 8 s', async () => {
    const { stream, published } = harness();
    stream.start(local);
    await vi.advanceTimersByTimeAsync(7_900);
    expect(published).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(published).toHaveLength(2);
  });

  it('says after 8 s that the server cannot be reached, and goes on trying until it can', async () => {
    const { stream, published, last } = harness();
    const said: unknown[] = [];
    stream.state.subscribe(() => said.push(stream.state.get()));
    stream.start(local);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(said).toEqual(['connecting', { error: 'media_unreachable' }]);
    expect(published.length).toBeGreaterThan(2);
    last().becomes('connected');
    expect(stream.state.get()).toBe('connected');
    last().becomes('failed');
    expect(stream.state.get()).toBe('connecting');
  });

  it('is published anew on a fresh seat', async () => {
    const { stream, published, connect } = harness();
    await connect();
    stream.welcome(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(published).toHaveLength(2);
  });

  it('does not repeat what is refused for good, and is slow about the rest', async () => {
    const { stream, signalling, published } = harness();
    for (const refuse of ['consent_required', 'codec_unsupported']) {
      signalling.refuse = refuse;
      published.length = 0;
      stream.start(local);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(stream.state.get()).toEqual({ error: refuse });
      expect(published).toHaveLength(1);
    }
    published.length = 0;
    signalling.refuse = 'internal';
    stream.start(local);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(published.length).toBeGreaterThan(4);
    expect(published.length).toBeLessThan(15);
  });

  it('tells the server when it ends, and is not made again', async () => {
    const { stream, signalling, published, connect } = harness();
    await connect();
    stream.stop();
    expect(signalling.send).toHaveBeenCalledWith({ type: 'unpublish', stream_id: published[0] });
    stream.removed(published[0] ?? '');
    stream.welcome(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(published).toHaveLength(1);
  });

  it('says that it ends before its connection does, or the end would look like a loss', async () => {
    const { stream, signalling, published, last, connect } = harness();
    await connect();
    stream.stop();
    expect(signalling.send).toHaveBeenCalledWith({ type: 'unpublish', stream_id: published[0] });
    expect([last().connectionState, stream.state.get()]).toEqual(['connected', 'off']);
    stream.removed(published[0] ?? '');
    last().becomes('failed');
    await vi.advanceTimersByTimeAsync(2_000);
    expect([last().connectionState, stream.state.get(), published.length]).toEqual(['closed', 'off', 1]);
  });
});
