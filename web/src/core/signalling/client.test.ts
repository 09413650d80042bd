import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignallingClient } from './client';
import type { ServerMessage } from './messages';

class FakeSocket {
  static readonly OPEN = 1;
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.readyState = 3;
  }
  receive(message: ServerMessage) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  welcome(resumed = false) {
    this.receive({
      type: 'welcome',
      participant_id: 'me',
      resume_token: 'token-1',
      resumed,
      role: 'candidate',
      ice_servers: [],
      room: { participants: [], streams: [], recordings: [], session_status: 'in_progress', server_time: '' },
    });
  }
}

function harness(token: string | null = null) {
  const sockets: FakeSocket[] = [];
  const network = { up: true, renewed: 0 };
  const memory = { token };
  const client = new SignallingClient({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    tokens: { get: () => memory.token, set: (value) => (memory.token = value) },
    renew: () => {
      network.renewed += 1;
      return Promise.resolve();
    },
    // A lost network answers nothing, so only the time limit ends the question.
    reach: (timeoutMs) => (network.up ? Promise.resolve(true) : new Promise((resolve) => setTimeout(() => resolve(false), timeoutMs))),
  });
  const last = () => sockets.at(-1) ?? expect.fail('no socket');
  const open = () => {
    client.connect();
    last().onopen?.();
    last().welcome();
  };
  return { client, sockets, memory, network, last, open };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('SignallingClient', () => {
  it('says hello first, keeps the token and pings', async () => {
    const { client, memory, last, open } = harness();
    open();
    expect(last().sent[0]).toEqual({ type: 'hello' });
    expect(client.state.phase).toBe('open');
    expect(memory.token).toBe('token-1');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(last().sent.filter((message) => message.type === 'ping').length).toBeGreaterThanOrEqual(2);
  });

  it('matches replies and refusals by ref', async () => {
    const { client, last, open } = harness();
    open();
    const entered = client.request({ type: 'enter' });
    const answer = client.request({ type: 'start_answer', question_id: 'q' });
    const [enterRef, answerRef] = last()
      .sent.slice(-2)
      .map((message) => message.ref as string);
    last().receive({ type: 'error', error: 'unknown_question', detail: '', ref: answerRef ?? '' });
    last().receive({ type: 'bye', ref: enterRef ?? '' });
    await expect(entered).resolves.toMatchObject({ type: 'bye' });
    await expect(answer).rejects.toMatchObject({ code: 'unknown_question' });
  });

  it('comes back at once with its token after a loss', async () => {
    const { client, sockets, last, open } = harness();
    open();
    const lost = client.request({ type: 'enter' });
    const refused = expect(lost).rejects.toMatchObject({ code: 'connection_lost' });
    last().onclose?.({ code: 1006 });
    await refused;
    expect(client.state.phase).toBe('reconnecting');
    expect(sockets).toHaveLength(2);
    last().onopen?.();
    expect(last().sent[0]).toEqual({ type: 'hello', resume_token: 'token-1' });
    last().welcome(true);
    expect(client.state.phase).toBe('open');
  });

  it('does not spin when the socket is closed as soon as it is open', async () => {
    const { sockets, last, open } = harness();
    open();
    for (let round = 0; round < 50; round++) {
      last().onopen?.();
      last().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(sockets.length).toBeGreaterThan(3);
    expect(sockets.length).toBeLessThan(15);
  });

  it('notices within 4.5 s that nothing answers any more', async () => {
    const { client, open } = harness();
    open();
    await vi.advanceTimersByTimeAsync(4_500);
    expect(client.state.phase).toBe('reconnecting');
  });

  it('stays as long as anything answers', async () => {
    const { client, sockets, last, open } = harness();
    open();
    for (let second = 0; second < 60; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      last().receive({ type: 'speaking', participant_id: null });
    }
    expect(client.state.phase).toBe('open');
    expect(sockets).toHaveLength(1);
  });

  it.each([1_000, 10_000, 37_300, 58_900])('has a new socket within 1.7 s of the return after %d ms', async (awayMs) => {
    const { sockets, network, last, open } = harness();
    open();
    network.up = false;
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(awayMs);
    const before = sockets.length;
    // Chromium delays the sockets of a page after about a dozen failures.
    expect(before).toBeLessThan(12);
    network.up = true;
    await vi.advanceTimersByTimeAsync(1_700);
    expect(sockets.length).toBeGreaterThan(before);
  });

  it('tries at once when it is told that the network is back', async () => {
    const { client, sockets, network, last, open } = harness();
    open();
    network.up = false;
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(20_000);
    const before = sockets.length;
    network.up = true;
    client.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(before + 1);
    last().onopen?.();
    last().welcome(true);
    expect(client.state.phase).toBe('open');
  });

  it('renews the sign-in when the server answers but refuses the socket', async () => {
    const { sockets, network, last, open } = harness();
    open();
    for (const code of [1006, 1006, 1006]) {
      last().onclose?.({ code });
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(network.renewed).toBeGreaterThan(0);
    expect(sockets.length).toBeGreaterThanOrEqual(3);
  });

  it('hears nothing from a socket it has given up', async () => {
    const { client, sockets, last, open } = harness();
    open();
    const [old] = sockets;
    const hear = old?.onmessage;
    await vi.advanceTimersByTimeAsync(4_500);
    last().onopen?.();
    last().welcome(true);
    expect(hear).not.toBeNull();
    old?.receive({ type: 'error', error: 'superseded', detail: '', fatal: true });
    expect(client.state.phase).toBe('open');
  });

  it('asks for a fresh seat when the token is no longer known', () => {
    const { memory, last, client } = harness('old');
    client.connect();
    last().onopen?.();
    last().receive({ type: 'error', error: 'resume_unknown', detail: '' });
    expect(memory.token).toBeNull();
    expect(last().sent.at(-1)).toEqual({ type: 'hello' });
  });

  it.each(['already_connected', 'superseded', 'session_ended', 'removed', 'access_ended'])('stops at %s', async (error) => {
    const { client, sockets, last } = harness();
    client.connect();
    last().onopen?.();
    last().receive({ type: 'error', error, detail: '', fatal: true });
    expect(client.state).toEqual({ phase: 'closed', error });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
  });

  it('replaces the other tab when told to', () => {
    const { client, last } = harness();
    client.connect();
    last().onopen?.();
    last().receive({ type: 'error', error: 'already_connected', detail: '', fatal: true });
    client.connect(true);
    last().onopen?.();
    expect(last().sent[0]).toEqual({ type: 'hello', take_over: true });
  });
});
