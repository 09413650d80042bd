import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listenLive, parseLiveMessage } from './liveSocket';

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  close = vi.fn();
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('reads anew after a loss, not at the first connection', async () => {
  const sockets: FakeSocket[] = [];
  const options = {
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1) as unknown as WebSocket;
    },
    onMessage: vi.fn(),
    onReconnected: vi.fn(),
    onConnected: vi.fn(),
    renew: () => Promise.resolve(),
  };
  const close = listenLive(options);
  sockets[0]?.onopen?.();
  expect(options.onReconnected).not.toHaveBeenCalled();
  sockets[0]?.onclose?.({ code: 1006 });
  await vi.advanceTimersByTimeAsync(500);
  sockets[1]?.onopen?.();
  expect(options.onReconnected).toHaveBeenCalledOnce();
  close();
  sockets[1]?.onclose?.({ code: 1006 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(2);
});

it('does not come back once access has ended, and has the page find out', async () => {
  const sockets: FakeSocket[] = [];
  const onReconnected = vi.fn();
  listenLive({
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1) as unknown as WebSocket;
    },
    onMessage: vi.fn(),
    onReconnected,
    onConnected: vi.fn(),
    renew: () => Promise.resolve(),
  });
  sockets[0]?.onopen?.();
  sockets[0]?.onclose?.({ code: 4406 });
  expect(onReconnected).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(1);
});

it('ignores what it does not know', () => {
  expect(parseLiveMessage('{"type":"weather"}')).toBeNull();
  expect(parseLiveMessage('nonsense')).toBeNull();
  expect(parseLiveMessage('{"type":"session","status":"completed"}')).toEqual({ type: 'session', status: 'completed' });
});
