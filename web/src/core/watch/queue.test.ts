import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignallingError } from '../signalling/messages';
import type { Notice } from './notices';
import { MAX_WAITING, NoticeQueue } from './queue';

function harness(saved: string | null = null) {
  const server = { open: true, refuse: '', kept: true, taken: [] as Notice[] };
  const memory = { value: saved, get: () => memory.value, set: (value: string | null) => (memory.value = value) };
  const shown: string[] = [];
  const queue = new NoticeQueue({
    send: (notice) => {
      if (server.refuse) return Promise.reject(new SignallingError(server.refuse, ''));
      server.taken.push(notice);
      return Promise.resolve(server.kept);
    },
    ready: () => server.open,
    memory,
    onKept: (notice) => shown.push(notice.event_type),
  });
  const types = () => server.taken.map((notice) => `${notice.event_type} ${notice.step}`);
  return { server, memory, queue, shown, types };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('NoticeQueue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends at once, shows what was kept, and remembers nothing then', async () => {
    const { queue, memory, shown, types } = harness();
    queue.push('copy', 'happened', 5, { length: 3 });
    await settle();
    expect(types()).toEqual(['copy happened']);
    expect(shown).toEqual(['copy']);
    expect(memory.value).toBeNull();
  });

  it('does not show what the server did not keep', async () => {
    const { queue, server, shown } = harness();
    server.kept = false;
    queue.push('virtual_camera', 'began', 5, { label: 'Webcam' });
    await settle();
    expect(shown).toEqual([]);
    expect(queue.length).toBe(0);
  });

  it('keeps order and times over an absence, and a reload during it', async () => {
    const before = harness();
    before.server.open = false;
    before.queue.push('tab_switch', 'began', 10, {});
    before.queue.push('tab_switch', 'ended', 20, {});
    before.queue.close();
    const after = harness(before.memory.value);
    after.queue.flush();
    await settle();
    expect(after.types()).toEqual(['tab_switch began', 'tab_switch ended']);
    expect(after.server.taken.map((notice) => notice.at_ms)).toEqual([10, 20]);
  });

  it('sends the same notice again under the same id when nobody acknowledged it', async () => {
    const { queue, server, memory } = harness();
    server.refuse = 'connection_lost';
    queue.push('paste', 'happened', 1, {});
    await settle();
    const [waiting] = JSON.parse(memory.value ?? '[]') as Notice[];
    server.refuse = '';
    queue.flush();
    await settle();
    expect(server.taken.map((notice) => notice.id)).toEqual([waiting?.id]);
  });

  it('slows down when asked to, and goes on by itself', async () => {
    const { queue, server, types } = harness();
    server.refuse = 'rate_limited';
    queue.push('copy', 'happened', 1, {});
    await vi.advanceTimersByTimeAsync(1_000);
    server.refuse = '';
    expect(types()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(types()).toEqual(['copy happened']);
  });

  it('drops what will never be taken and goes on with the next', async () => {
    const { queue, server, memory } = harness();
    server.refuse = 'consent_required';
    queue.push('copy', 'happened', 1, {});
    await settle();
    expect(queue.length).toBe(0);
    expect(memory.value).toBeNull();
  });

  it('is bounded: complete things make way, the ends of what lasts stay', async () => {
    const { queue, server, types } = harness();
    server.open = false;
    queue.push('window_blur', 'ended', 0, {}); // the beginning was sent before
    queue.push('tab_switch', 'began', 1, {});
    queue.push('tab_switch', 'ended', 2, {});
    for (let n = 0; n < MAX_WAITING + 10; n++) queue.push('copy', 'happened', 10 + n, {});
    queue.push('fullscreen_exit', 'began', 999, {});
    expect(queue.length).toBeLessThanOrEqual(MAX_WAITING);
    server.open = true;
    queue.flush();
    await settle();
    expect(types()[0]).toBe('window_blur ended');
    expect(types().at(-1)).toBe('fullscreen_exit began');
    expect(types()).not.toContain('tab_switch ended');
    expect(types()).not.toContain('tab_switch began');
  });

  it('survives nonsense in its memory', () => {
    expect(harness('{"no": 1').queue.length).toBe(0);
    expect(harness('7').queue.length).toBe(0);
  });
});
