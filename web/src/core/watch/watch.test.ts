import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignallingClient } from '../signalling/client';
import type { ClientMessage } from '../signalling/messages';
import { SessionWatch } from './watch';

const stream = (camera: string, microphone = 'Headset') =>
  ({ getTracks: () => [{ kind: 'video', label: camera }, { kind: 'audio', label: microphone }] }) as unknown as MediaStream;

function harness(memory = new Map<string, string>()) {
  const sent: string[] = [];
  const signalling = {
    state: { phase: 'open' },
    request(message: ClientMessage & { event_type?: string; step?: string; details?: object }) {
      sent.push(`${message.event_type} ${message.step} ${JSON.stringify(message.details)}`);
      return Promise.resolve({ type: 'noted', id: '', kept: message.event_type !== 'virtual_camera' });
    },
  };
  const document = Object.assign(new EventTarget(), { hidden: false, hasFocus: () => true, fullscreenElement: null as Element | null, activeElement: null, getSelection: () => null });
  const screen = { isExtended: false };
  const watch = new SessionWatch({
    signalling: signalling as unknown as SignallingClient,
    ready: () => true,
    around: { window: new EventTarget(), document, screen },
    memory: (key) => ({
      get: () => memory.get(key) ?? null,
      set: (value) => (value === null ? memory.delete(key) : memory.set(key, value)),
    }),
  });
  return { watch, sent, signalling, screen, document, memory };
}
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const ALL = ['no_face', 'virtual_camera', 'device_changed', 'screen_share_stopped', 'multiple_displays'];

describe('SessionWatch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells nothing before it is started or after it is stopped', async () => {
    const { watch, sent } = harness();
    watch.use(stream('Webcam'));
    watch.screenStopped('button');
    watch.start(ALL);
    watch.stop();
    await settle();
    watch.use(stream('Other'));
    await settle();
    expect(sent).toEqual(['virtual_camera began {"label":"Webcam"}']);
  });

  it('tells a change of the camera under its old and new name', async () => {
    const { watch, sent } = harness();
    watch.start(ALL);
    watch.use(stream('Webcam'));
    watch.use(stream('Webcam'));
    watch.use(stream('OBS Virtual Camera'));
    await settle();
    expect(sent).toEqual([
      'virtual_camera began {"label":"Webcam"}',
      'device_changed happened {"kind":"camera","change":"switched","name":"OBS Virtual Camera","before":"Webcam"}',
      'virtual_camera ended {}',
      'virtual_camera began {"label":"OBS Virtual Camera"}',
    ]);
  });

  it('shows the candidate what was kept, for a while or as long as it lasts', async () => {
    const { watch, screen } = harness();
    screen.isExtended = true;
    watch.start(ALL);
    watch.use(stream('Webcam'));
    await settle();
    expect(watch.noted.get()).toMatchObject({ type: 'multiple_displays', lasting: true });
    watch.screenStopped('browser');
    await settle();
    expect(watch.noted.get()).toMatchObject({ type: 'screen_share_stopped' });
    await settle(12_000);
    expect(watch.noted.get()).toMatchObject({ type: 'multiple_displays' });
    screen.isExtended = false;
    await settle(20_000);
    expect(watch.noted.get()).toBeNull();
  });

  it('does not hide what was noted last behind the end of something older', async () => {
    const { watch, screen, document } = harness();
    screen.isExtended = true;
    watch.start([...ALL, 'fullscreen_exit']);
    await settle();
    document.fullscreenElement = {} as Element;
    document.dispatchEvent(new Event('fullscreenchange'));
    document.fullscreenElement = null;
    document.dispatchEvent(new Event('fullscreenchange'));
    await settle();
    screen.isExtended = false;
    await settle(5_000);
    expect(watch.noted.get()).toMatchObject({ type: 'fullscreen_exit', lasting: true });
  });

  it('repeats what lasts to a server that has forgotten it', async () => {
    const { watch, sent, screen } = harness();
    screen.isExtended = true;
    watch.start(ALL);
    await settle();
    watch.welcome(true);
    await settle();
    expect(sent).toHaveLength(1);
    watch.welcome(false);
    await settle();
    expect(sent).toEqual(['multiple_displays began {}', 'multiple_displays began {}']);
  });

  it('ends after a reload what ended meanwhile', async () => {
    const before = harness();
    before.screen.isExtended = true;
    before.watch.start(ALL);
    await settle();
    before.watch.close();
    const after = harness(before.memory);
    after.watch.start(ALL);
    await settle();
    expect(after.sent).toEqual(['multiple_displays ended {}']);
  });

  it('leaves nothing behind when the session is over', async () => {
    const { watch, memory, signalling } = harness();
    signalling.state.phase = 'reconnecting';
    watch.start(ALL);
    watch.use(stream('Webcam'));
    watch.end();
    await settle();
    expect(memory.size).toBe(0);
  });
});
