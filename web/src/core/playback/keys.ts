export type KeyAction =
  | 'toggle'
  | 'back'
  | 'forward'
  | 'back_far'
  | 'forward_far'
  | 'previous_incident'
  | 'next_incident'
  | 'confirm'
  | 'dismiss'
  | 'note'
  | 'take_back'
  | 'zoom_in'
  | 'zoom_out'
  | 'help';

interface Key {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const PLAIN: Record<string, KeyAction> = {
  ' ': 'toggle',
  k: 'toggle',
  j: 'back_far',
  l: 'forward_far',
  arrowleft: 'back',
  arrowright: 'forward',
  c: 'confirm',
  d: 'dismiss',
  n: 'note',
  u: 'take_back',
  z: 'zoom_in',
  '?': 'help',
};

/** What a key on the review desk does; null when it is not ours. */
export function keyAction(event: Key): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (event.shiftKey && key === 'arrowleft') return 'previous_incident';
  if (event.shiftKey && key === 'arrowright') return 'next_incident';
  if (event.shiftKey && key === 'z') return 'zoom_out';
  return PLAIN[key] ?? null;
}
