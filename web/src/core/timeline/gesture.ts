import { pxToTime, type Scale } from './scale';
import { pinched, type Held, type View } from './view';

/** What fingers or a pointer on the timeline ask for. */
export type Act = { type: 'seek'; timeMs: number } | { type: 'view'; view: View };

/** What a pointer may do: a mouse seeks at once, a finger when it is clear that it neither scrolls nor pinches. */
export type Intent = 'seek' | 'seek_later' | 'pinch_only';

/** A finger that moved less than this sideways may still be about to scroll the page. */
const SLOP_PX = 8;

const seek = (scale: Scale, px: number): Act => ({ type: 'seek', timeMs: pxToTime(scale, px) });

/** Pointers on the timeline: one seeks and drags the playhead along, two pinch. */
export class Gesture {
  private readonly held = new Map<number, Held & { intent: Intent; fromPx: number }>();
  /** A finger that stays behind after a pinch was not put there to seek. */
  private pinching = false;

  /** A pointer comes down. */
  down(id: number, px: number, intent: Intent, scale: Scale): Act | null {
    if (this.held.size === 0) this.pinching = false;
    this.held.set(id, { px, timeMs: 0, intent, fromPx: px });
    if (this.held.size < 2) return intent === 'seek' ? seek(scale, px) : null;
    this.pinching = true;
    // Each finger holds what is below it now, wherever it came down.
    for (const finger of this.held.values()) finger.timeMs = pxToTime(scale, finger.px);
    return null;
  }

  move(id: number, px: number, scale: Scale, totalMs: number): Act | null {
    const finger = this.held.get(id);
    if (!finger) return null;
    finger.px = px;
    const [first, second] = this.held.values();
    if (first && second) {
      const view = pinched([first, second], scale.widthPx, totalMs);
      return view && { type: 'view', view };
    }
    if (finger.intent === 'seek_later' && Math.abs(px - finger.fromPx) > SLOP_PX) finger.intent = 'seek';
    return finger.intent === 'seek' && !this.pinching ? seek(scale, px) : null;
  }

  up(id: number, scale: Scale): Act | null {
    const finger = this.held.get(id);
    this.held.delete(id);
    return finger?.intent === 'seek_later' && !this.pinching ? seek(scale, finger.px) : null;
  }

  /** The browser took the pointer away, to scroll. */
  cancel(id: number): void {
    this.held.delete(id);
  }
}
