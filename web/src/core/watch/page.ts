import { attentionOf } from './attention';
import type { Lasting } from './lasting';
import type { NoticeType, Tell } from './notices';

/** A window that loses its focus to the page's next tab is hidden a moment later. */
const SETTLE_MS = 250;
const LOOK_EVERY_MS = 5_000;

type Listening = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** As much of the browser as the page's watch looks at. */
export interface Surroundings {
  window: Listening;
  document: Listening & Pick<Document, 'hidden' | 'hasFocus' | 'fullscreenElement' | 'activeElement' | 'getSelection'>;
  /** `isExtended` where the browser tells it. */
  screen: { readonly isExtended?: boolean };
}

/** How much is selected, in a field or in the text. */
function selectedLength(document: Surroundings['document']): number {
  const field = document.activeElement as Partial<HTMLInputElement> | null;
  if (typeof field?.selectionStart === 'number' && typeof field.selectionEnd === 'number') return field.selectionEnd - field.selectionStart;
  return document.getSelection()?.toString().length ?? 0;
}

/** Watches the page itself: tab, window, full screen, clipboard (that it is used, never what for) and displays. */
export class PageWatch {
  private readonly undo: (() => void)[] = [];
  private settling: { timer: ReturnType<typeof setTimeout>; sinceMs: number } | null = null;
  private excused = 0;
  private leaving = false;
  private wasFullScreen = false;

  constructor(
    private readonly around: Surroundings,
    private readonly lasting: Lasting,
    private readonly tell: Tell,
    private readonly nowMs: () => number,
  ) {}

  start(types: ReadonlySet<NoticeType>): void {
    const { window, document } = this.around;
    // A page that is left is hidden on its way out; that is no other tab.
    this.on(window, 'pagehide', () => (this.leaving = true));
    this.on(window, 'pageshow', () => (this.leaving = false));
    if (types.has('tab_switch') || types.has('window_blur')) this.watchAttention(types);
    if (types.has('fullscreen_exit')) this.watchFullScreen();
    if (types.has('copy')) for (const event of ['copy', 'cut']) this.on(document, event, () => this.copied());
    if (types.has('paste')) this.on(document, 'paste', (event) => this.pasted(event as ClipboardEvent));
    if (types.has('multiple_displays')) this.watchDisplays();
  }

  stop(): void {
    for (const undo of this.undo.splice(0)) undo();
    if (this.settling) clearTimeout(this.settling.timer);
    this.settling = null;
  }

  /** While Viva itself has the browser ask something, the question takes the focus. */
  async during<T>(question: Promise<T>): Promise<T> {
    this.excused += 1;
    try {
      return await question;
    } finally {
      this.excused -= 1;
      if (this.undo.length > 0) this.settle();
    }
  }

  private on(target: Listening, name: string, listener: (event: Event) => void): void {
    target.addEventListener(name, listener);
    this.undo.push(() => target.removeEventListener(name, listener));
  }

  private watchAttention(types: ReadonlySet<NoticeType>): void {
    const { window, document } = this.around;
    const look = (atMs: number) => {
      if (this.leaving) return;
      const attention = attentionOf({ hidden: document.hidden, focused: document.hasFocus() || this.excused > 0 });
      const put = (type: NoticeType, holds: boolean) => types.has(type) && this.lasting.put(type, holds ? {} : null, atMs);
      if (attention !== 'other_tab') put('tab_switch', false);
      put('window_blur', attention === 'other_window');
      if (attention === 'other_tab') put('tab_switch', true);
    };
    this.look = look;
    for (const name of ['blur', 'focus']) this.on(window, name, () => this.settle());
    this.on(document, 'visibilitychange', () => {
      // Now or never: a hidden page may not run any more.
      if (document.hidden) this.settled();
      else this.settle();
    });
    this.settle();
  }

  private look: (atMs: number) => void = () => undefined;

  private settle(): void {
    this.settling ??= { timer: setTimeout(() => this.settled(), SETTLE_MS), sinceMs: this.nowMs() };
  }

  private settled(): void {
    const sinceMs = this.settling?.sinceMs ?? this.nowMs();
    if (this.settling) clearTimeout(this.settling.timer);
    this.settling = null;
    this.look(sinceMs);
  }

  private watchFullScreen(): void {
    const { document } = this.around;
    const look = () => {
      const full = document.fullscreenElement !== null;
      // Browsers leave the full screen by themselves to ask which screen to share.
      if (!full && this.excused > 0) this.wasFullScreen = false;
      if (!this.leaving && (full || this.wasFullScreen)) this.lasting.put('fullscreen_exit', full ? null : {});
      this.wasFullScreen ||= full;
    };
    this.on(document, 'fullscreenchange', look);
    look();
  }

  private copied(): void {
    const length = selectedLength(this.around.document);
    if (length > 0) this.tell('copy', 'happened', { length });
  }

  private pasted(event: ClipboardEvent): void {
    this.tell('paste', 'happened', { length: event.clipboardData?.getData('text/plain').length ?? 0 });
  }

  private watchDisplays(): void {
    const look = () => this.lasting.put('multiple_displays', this.around.screen.isExtended === true ? {} : null);
    // Browsers tell of a display that is plugged in only with a permission of its own, so it is looked at.
    const interval = setInterval(look, LOOK_EVERY_MS);
    this.undo.push(() => clearInterval(interval));
    look();
  }
}
