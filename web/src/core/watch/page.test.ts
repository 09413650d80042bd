import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lasting } from './lasting';
import type { NoticeDetails, NoticeType } from './notices';
import { PageWatch } from './page';

/** What the browser says of a page; vitest has no browser. */
class Page extends EventTarget {
  hidden = false;
  focused = true;
  fullscreenElement: Element | null = null;
  activeElement: Element | null = null;
  selection = '';
  hasFocus = () => this.focused;
  getSelection = () => ({ toString: () => this.selection }) as Selection;
}

const ALL: NoticeType[] = ['tab_switch', 'window_blur', 'fullscreen_exit', 'copy', 'paste', 'multiple_displays'];

function harness(types: NoticeType[] = ALL) {
  const told: string[] = [];
  const details: NoticeDetails[] = [];
  const tell = (type: NoticeType, step: string, more: NoticeDetails = {}, atMs?: number) => {
    told.push(`${type} ${step}${atMs === undefined ? '' : ` @${atMs}`}`);
    details.push(more);
  };
  const page = new Page();
  const window = new EventTarget();
  const screen = { isExtended: false };
  const memory = { value: null as string | null, get: () => memory.value, set: (value: string | null) => (memory.value = value) };
  const around = { window, document: page as unknown as Document, screen };
  const watch = new PageWatch(around, new Lasting(tell, memory), tell, () => Date.now());
  watch.start(new Set(types));
  vi.advanceTimersByTime(1_000);
  const say = (target: EventTarget, name: string, more: object = {}) => target.dispatchEvent(Object.assign(new Event(name), more));
  const blur = () => {
    page.focused = false;
    say(window, 'blur');
  };
  const focus = () => {
    page.focused = true;
    say(window, 'focus');
  };
  const hide = (hidden: boolean) => {
    page.hidden = hidden;
    say(page, 'visibilitychange');
  };
  return { told, details, page, window, screen, watch, say, blur, focus, hide };
}

describe('PageWatch', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  it('says nothing of a page somebody looks at', () => {
    expect(harness().told).toEqual([]);
  });

  it('tells a window that is left and come back to, with the moments it happened', () => {
    const { told, blur, focus } = harness();
    blur();
    vi.advanceTimersByTime(3_000);
    focus();
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual(['window_blur began @1000', 'window_blur ended @4000']);
  });

  it('forgives a focus that is back at once', () => {
    const { told, blur, focus } = harness();
    blur();
    vi.advanceTimersByTime(100);
    focus();
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
  });

  it('counts another tab once, though the window loses its focus too', () => {
    const { told, blur, focus, hide } = harness();
    blur();
    vi.advanceTimersByTime(50);
    hide(true);
    vi.advanceTimersByTime(5_000);
    hide(false);
    vi.advanceTimersByTime(50);
    focus();
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual(['tab_switch began @1000', 'tab_switch ended @6050']);
  });

  it('goes from one to the other when the other window covers the page', () => {
    const { told, blur, hide } = harness();
    blur();
    vi.advanceTimersByTime(1_000);
    hide(true);
    expect(told).toEqual(['window_blur began @1000', 'window_blur ended @2000', 'tab_switch began @2000']);
  });

  it('does not take its own questions for another window', async () => {
    const { told, watch, blur, focus } = harness();
    let answer = (): void => undefined;
    const question = watch.during(new Promise<void>((resolve) => (answer = resolve)));
    blur();
    vi.advanceTimersByTime(5_000);
    focus();
    answer();
    await question;
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
  });

  it('does not take a reload for another tab', () => {
    const { told, window, say, hide } = harness();
    say(window, 'pagehide');
    hide(true);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
  });

  it('misses the full screen only once it was there', () => {
    const { told, page, say } = harness();
    say(page, 'fullscreenchange');
    page.fullscreenElement = {} as Element;
    say(page, 'fullscreenchange');
    expect(told).toEqual([]);
    page.fullscreenElement = null;
    say(page, 'fullscreenchange');
    page.fullscreenElement = {} as Element;
    say(page, 'fullscreenchange');
    expect(told).toEqual(['fullscreen_exit began', 'fullscreen_exit ended']);
  });

  it('does not miss the full screen that its own question has ended', async () => {
    const { told, page, watch, say } = harness();
    page.fullscreenElement = {} as Element;
    say(page, 'fullscreenchange');
    let answer = (): void => undefined;
    const question = watch.during(new Promise<void>((resolve) => (answer = resolve)));
    page.fullscreenElement = null;
    say(page, 'fullscreenchange');
    answer();
    await question;
    expect(told).toEqual([]);
  });

  it('tells how much was copied or pasted and never what', () => {
    const { told, details, page, say } = harness();
    say(page, 'copy');
    page.selection = 'secret';
    say(page, 'copy');
    page.activeElement = { selectionStart: 2, selectionEnd: 6 } as unknown as Element;
    say(page, 'cut');
    say(page, 'paste', { clipboardData: { getData: () => 'also secret' } });
    expect(told).toEqual(['copy happened', 'copy happened', 'paste happened']);
    expect(details).toEqual([{ length: 6 }, { length: 4 }, { length: 11 }]);
    expect(JSON.stringify(details)).not.toContain('secret');
  });

  it('finds a second display when it is there or comes', () => {
    const { told, screen } = harness();
    screen.isExtended = true;
    vi.advanceTimersByTime(5_000);
    screen.isExtended = false;
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual(['multiple_displays began', 'multiple_displays ended']);
  });

  it('looks at nothing the policy does not watch for', () => {
    const { told, page, screen, blur, say } = harness(['paste']);
    blur();
    screen.isExtended = true;
    page.selection = 'x';
    say(page, 'copy');
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
  });

  it('looks at nothing once it is stopped', () => {
    const { told, page, watch, blur, hide, say } = harness();
    blur();
    watch.stop();
    hide(true);
    page.selection = 'x';
    say(page, 'copy');
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
  });
});
