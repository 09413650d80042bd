export const CODE_LENGTH = 6;

/** Six boxes and the one that has the focus. */
export interface CodeEntry {
  boxes: readonly string[];
  focus: number;
}

export const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** Boxes filled from a text such as `123 456`; extra digits are dropped. */
export function codeFrom(text: string): CodeEntry {
  const digits = digitsOf(text).slice(0, CODE_LENGTH);
  return { boxes: Array.from({ length: CODE_LENGTH }, (_, i) => digits[i] ?? ''), focus: Math.min(digits.length, CODE_LENGTH - 1) };
}

/** Types or pastes `text` into box `index`; what is too long flows into the next boxes, a whole code replaces everything. */
export function typeInto(entry: CodeEntry, index: number, text: string): CodeEntry {
  const digits = digitsOf(text);
  if (digits.length >= CODE_LENGTH) return codeFrom(digits);
  if (digits === '') return { boxes: entry.boxes.map((box, i) => (i === index ? '' : box)), focus: index };
  const boxes = entry.boxes.map((box, i) => digits[i - index] ?? box);
  return { boxes, focus: Math.min(index + digits.length, CODE_LENGTH - 1) };
}

/** Backspace: empties the box, or the one before when it is empty already. */
export function eraseAt(entry: CodeEntry, index: number): CodeEntry {
  const target = entry.boxes[index] === '' ? Math.max(0, index - 1) : index;
  return { boxes: entry.boxes.map((box, i) => (i === target ? '' : box)), focus: target };
}

export function moveFocus(entry: CodeEntry, by: number): CodeEntry {
  return { ...entry, focus: Math.min(CODE_LENGTH - 1, Math.max(0, entry.focus + by)) };
}

/** The whole code, or null while a box is empty. */
export function completeCode(entry: CodeEntry): string | null {
  return entry.boxes.every((box) => box !== '') ? entry.boxes.join('') : null;
}
