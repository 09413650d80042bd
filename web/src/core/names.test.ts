import { describe, expect, it } from 'vitest';
import { firstName, initials } from './names';

describe('names', () => {
  it.each([
    ['Kofi Mensah', 'Kofi', 'KM'],
    ['  Linh  Thi Trần ', 'Linh', 'LT'],
    ['Öberg', 'Öberg', 'Ö'],
    ['', '', ''],
  ])('%j is spoken to as %j, in short %j', (name, first, short) => {
    expect(firstName(name)).toBe(first);
    expect(initials(name)).toBe(short);
  });
});
