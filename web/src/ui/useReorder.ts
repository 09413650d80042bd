import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { moved } from '../core/reorder';

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

/** Moves the items of a list by their handles: dragged with any pointer, or by the arrow keys. */
export function useReorder<T extends { id: string }>(items: readonly T[], onChange: (items: T[]) => void) {
  const [dragged, setDragged] = useState<string | null>(null);
  /** Who moved last by the keyboard: moving its row takes the focus away. */
  const focus = useRef<HTMLElement | null>(null);
  const now = useRef({ items, onChange });

  useEffect(() => {
    now.current = { items, onChange };
    focus.current?.focus();
    focus.current = null;
  });

  useEffect(() => {
    if (dragged === null) return undefined;
    const over = (event: globalThis.PointerEvent) => {
      const row = document.elementFromPoint(event.clientX, event.clientY)?.closest('[data-place]');
      const to = Number(row?.getAttribute('data-place') ?? NaN);
      const from = now.current.items.findIndex((item) => item.id === dragged);
      if (!Number.isNaN(to) && from !== -1 && to !== from) now.current.onChange(moved(now.current.items, from, to));
    };
    const end = () => setDragged(null);
    window.addEventListener('pointermove', over);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
    return () => {
      window.removeEventListener('pointermove', over);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
    };
  }, [dragged]);

  const handle = (item: T, place: number) => ({
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      // A captured pointer would stay with the handle while its row moves away.
      if (event.currentTarget.hasPointerCapture(event.pointerId)) event.currentTarget.releasePointerCapture(event.pointerId);
      setDragged(item.id);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const step = STEPS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      focus.current = event.currentTarget;
      onChange(moved(items, place, place + step));
    },
  });
  return { dragged, handle };
}
