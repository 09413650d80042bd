import { describe, expect, it } from 'vitest';
import { codeFrom, completeCode, eraseAt, typeInto } from './codeEntry';

describe('code entry', () => {
  it('moves on with each digit', () => {
    const entry = typeInto(typeInto(codeFrom(''), 0, '1'), 1, '2');
    expect(entry.boxes.join('|')).toBe('1|2||||');
    expect(entry.focus).toBe(2);
  });

  it('takes a pasted code with spaces, wherever the focus is', () => {
    expect(completeCode(typeInto(codeFrom('9'), 4, ' 123-456 '))).toBe('123456');
  });

  it('takes a part of a code from the focused box on', () => {
    expect(typeInto(codeFrom(''), 2, '78').boxes).toEqual(['', '', '7', '8', '', '']);
  });

  it('ignores what is no digit', () => {
    expect(completeCode(codeFrom('12a4b6'))).toBeNull();
    expect(typeInto(codeFrom(''), 0, 'x').boxes.join('')).toBe('');
  });

  it('erases the box before when its own is empty', () => {
    const entry = eraseAt(codeFrom('123'), 3);
    expect(entry.boxes.join('')).toBe('12');
    expect(entry.focus).toBe(2);
  });
});
