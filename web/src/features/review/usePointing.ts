import { useEffect, useEffectEvent, useRef, useState, type FocusEvent, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { Gesture, type Act } from '../../core/timeline/gesture';
import { pxToTime, type Scale } from '../../core/timeline/scale';
import { wheeled } from '../../core/timeline/view';
import type { Desk } from './useDesk';
import type { TimelineView } from './useTimelineView';

/** The place on the timeline that a pointer or the keyboard's focus is at. */
export interface Pointed {
  axisMs: number;
  /** The marker it is on, if any. */
  eventId: string | null;
}

type Element = HTMLElement;

const pxOf = (event: { clientX: number; currentTarget: Element }): number => event.clientX - event.currentTarget.getBoundingClientRect().left;

function markerOf(target: EventTarget): HTMLElement | null {
  return target instanceof HTMLElement ? target.closest<HTMLElement>('[data-event-id]') : null;
}

/** The wheel with a modifier zooms; React's own listener could not keep the page from zooming or scrolling too. */
function useWheel(track: RefObject<Element | null>, onTurn: (wheel: WheelEvent, px: number) => boolean): void {
  const turned = useEffectEvent(onTurn);
  useEffect(() => {
    const element = track.current;
    const onWheel = (wheel: WheelEvent) => {
      if (element && turned(wheel, wheel.clientX - element.getBoundingClientRect().left)) wheel.preventDefault();
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [track]);
}

/** Pointers, wheel and keyboard on the timeline: they seek, zoom, and ask what is there. */
export function usePointing(desk: Desk, zoom: TimelineView, scale: Scale) {
  const ref = useRef<HTMLDivElement>(null);
  const [gesture] = useState(() => new Gesture());
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [focused, setFocused] = useState<{ eventId: string | null } | null>(null);

  useWheel(ref, (wheel, px) => {
    const view = wheeled(zoom.view, scale, desk.totalMs, wheel, px);
    if (view) zoom.set(view);
    return view !== null;
  });

  const act = (asked: Act | null) => {
    if (asked?.type === 'seek') desk.seekAxis(asked.timeMs);
    if (asked?.type === 'view') zoom.set(asked.view);
  };

  const track = {
    ref,
    onPointerDown: (event: PointerEvent<Element>) => {
      const onButton = event.target instanceof HTMLElement && event.target.closest('button') !== null;
      // A button would not hear of its click any more.
      if (!onButton) event.currentTarget.setPointerCapture(event.pointerId);
      act(gesture.down(event.pointerId, pxOf(event), onButton ? 'pinch_only' : event.pointerType === 'touch' ? 'seek_later' : 'seek', scale));
    },
    onPointerMove: (event: PointerEvent<Element>) => {
      const px = pxOf(event);
      setPointed({ axisMs: pxToTime(scale, px), eventId: markerOf(event.target)?.dataset.eventId ?? null });
      act(gesture.move(event.pointerId, px, scale, desk.totalMs));
    },
    onPointerUp: (event: PointerEvent<Element>) => {
      act(gesture.up(event.pointerId, scale));
      if (event.pointerType === 'touch') setPointed(null);
    },
    onPointerCancel: (event: PointerEvent<Element>) => {
      gesture.cancel(event.pointerId);
      setPointed(null);
    },
    onPointerLeave: () => setPointed(null),
    onFocus: (event: FocusEvent<Element>) => {
      const eventId = markerOf(event.target)?.dataset.eventId ?? null;
      // A pointer's click focuses too; it has a place of its own.
      const shows = event.target.matches(':focus-visible') && (eventId !== null || event.target.role === 'slider');
      setFocused(shows ? { eventId } : null);
    },
    onBlur: () => setFocused(null),
    onKeyDown: (event: KeyboardEvent<Element>) => {
      if (event.key !== 'Escape') return;
      setFocused(null);
      setPointed(null);
    },
  };

  const slider = {
    onKeyDown: (event: KeyboardEvent<Element>) => {
      // The arrows and the rest are the desk's own keys.
      if (event.key !== 'Home' && event.key !== 'End') return;
      event.preventDefault();
      desk.seekAxis(event.key === 'Home' ? 0 : desk.totalMs);
    },
  };

  const ofFocus = focused && { axisMs: desk.placed.find(({ event }) => event.id === focused.eventId)?.axisMs ?? desk.axisMs, eventId: focused.eventId };
  return { pointed: pointed ?? ofFocus, track, slider };
}
