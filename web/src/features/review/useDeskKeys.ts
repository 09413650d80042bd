import { useEffect, useEffectEvent } from 'react';
import { keyAction, type KeyAction } from '../../core/playback/keys';

const TYPING = 'input, textarea, select, [contenteditable="true"]';
/** These act on Space themselves. */
const PRESSABLE = 'button, a, [role="button"], summary';
/** These act on arrows themselves. */
const ARROWED = '[role="slider"]:not([data-testid="timeline"]), [role="radiogroup"]';

function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPING)) return true;
  if (event.key === ' ' && target.closest(PRESSABLE)) return true;
  return event.key.startsWith('Arrow') && target.closest(ARROWED) !== null;
}

/** Calls `act` for the keys of the desk, unless somebody is typing or a dialog is open. */
export function useDeskKeys(enabled: boolean, act: (action: KeyAction) => void): void {
  const onAction = useEffectEvent(act);
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const action = isTaken(event) ? null : keyAction(event);
      if (!action) return;
      event.preventDefault();
      onAction(action);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [enabled]);
}
