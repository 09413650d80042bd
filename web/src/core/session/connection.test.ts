import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SessionConnection } from './connection';

class Track extends EventTarget {
  enabled = true;
  contentHint = '';
  onended: (() => void) | null = null;
  stop = vi.fn();
  constructor(
    readonly kind: 'audio' | 'video',
    readonly label: string,
  ) {
    super();
  }
}

class Stream {
  constructor(private readonly tracks: Track[]) {}
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter((track) => track.kind === 'audio');
  getVideoTracks = () => this.tracks.filter((track) => track.kind === 'video');
}

/** A PeerConnection that connects whenever it is asked to. */
class Peer extends EventTarget {
  static made: Peer[] = [];
  connectionState = 'new';
  sent: Track[] = [];
  constructor(readonly options: RTCConfiguration) {
    super();
    Peer.made.push(this);
  }
  addTransceiver(track: Track) {
    this.sent.push(track);
    return { sender: { getParameters: () => ({}), setParameters: () => Promise.resolve() } };
  }
  createOffer = () => Promise.resolve({ sdp: '' });
  setLocalDescription = () => Promise.resolve();
  setRemoteDescription = () => Promise.resolve();
  close = () => (this.connectionState = 'closed');
}

interface Said {
  type: string;
  ref?: string;
  [field: string]: unknown;
}

/** The server's end of the socket: answers every offer and takes every notice. */
class Socket {
  static readonly OPEN = 1;
  readyState = 1;
  sent: Said[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  say = (message: object) => this.onmessage?.({ data: JSON.stringify(message) });
  close = () => undefined;
  send(text: string) {
    const message = JSON.parse(text) as Said;
    this.sent.push(message);
    const { ref } = message;
    if (message.type === 'publish') this.say({ type: 'answer', ref, stream_id: message.stream_id, direction: 'publish', sdp: '' });
    if (message.type === 'noticed') this.say({ type: 'noted', ref, id: message.id, kept: true });
  }
  all = (type: string) => this.sent.filter((message) => message.type === type);
}

const room = { participants: [], streams: [], recordings: [], session_status: 'in_progress', server_time: '' };
const relay = (username: string) => [{ urls: ['turn:relay'], username, credential: 'x' }];

function harness() {
  const socket = new Socket();
  const camera = () => new Track('video', 'Webcam');
  const headset = new Track('audio', 'Headset');
  const plugged = { microphone: headset };
  const getUserMedia = vi.fn(() => Promise.resolve(new Stream([camera(), plugged.microphone])));
  vi.stubGlobal('navigator', { mediaDevices: Object.assign(new EventTarget(), { getUserMedia, enumerateDevices: () => Promise.resolve([]) }) });
  const document = Object.assign(new EventTarget(), { hidden: false, hasFocus: () => true, fullscreenElement: null, activeElement: null, getSelection: () => null });
  const memory = new Map<string, string | null>();
  const connection = new SessionConnection({
    memory: { get: (key) => memory.get(key) ?? null, set: (key, value) => memory.set(key, value) },
    chat: false,
    around: { window: new EventTarget(), document, screen: {} },
    open: () => socket as unknown as WebSocket,
    renew: () => Promise.resolve(),
    reach: () => Promise.resolve(true),
  });
  const welcome = async () => {
    await connection.start();
    socket.onopen?.();
    socket.say({ type: 'welcome', participant_id: 'me', resume_token: 't', resumed: false, role: 'candidate', ice_servers: relay('early'), room });
    await settle();
  };
  return { connection, socket, headset, plugged, welcome };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  Peer.made = [];
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('RTCPeerConnection', Peer);
  vi.stubGlobal('RTCRtpSender', {});
  vi.stubGlobal('MediaStream', Stream);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('tells at once that the microphone is gone, and takes another one without a new interview', async () => {
  const { connection, socket, headset, plugged, welcome } = harness();
  await welcome();
  socket.say({ type: 'entered', ice_servers: [], room });
  connection.watch.start(['device_changed']);
  const webcam = Peer.made[0]?.sent.find((track) => track.kind === 'video');
  headset.onended?.();
  expect(connection.captured.get()).toEqual({ phase: 'failed', error: 'microphone_missing' });
  expect(webcam?.stop).not.toHaveBeenCalled(); // the picture goes on being recorded
  plugged.microphone = new Track('audio', 'Built-in');
  await connection.start();
  await settle();
  expect(connection.captured.get().phase).toBe('on');
  expect(webcam?.stop).toHaveBeenCalled();
  expect(Peer.made.at(-1)?.sent.map((track) => track.label)).toEqual(['Built-in', 'Webcam']);
  expect(socket.all('publish')).toHaveLength(2);
  expect(socket.all('noticed').map((notice) => [notice.event_type, notice.details])).toEqual([
    ['device_changed', { kind: 'microphone', change: 'switched', name: 'Built-in', before: 'Headset' }],
  ]);
});

it('lets go of the camera when it is left while the microphone is gone', async () => {
  const { connection, headset, welcome } = harness();
  await welcome();
  const webcam = Peer.made[0]?.sent.find((track) => track.kind === 'video');
  headset.onended?.();
  connection.leave();
  expect(webcam?.stop).toHaveBeenCalled();
});

it('connects with the credentials it got last, not with those of an hour ago', async () => {
  const { connection, socket, welcome } = harness();
  await welcome();
  expect(Peer.made.at(-1)?.options.iceServers).toEqual(relay('early'));
  socket.say({ type: 'entered', ice_servers: relay('fresh'), room });
  await connection.start();
  await settle();
  expect(Peer.made.at(-1)?.options.iceServers).toEqual(relay('fresh'));
});
