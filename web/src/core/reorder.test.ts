import { describe, expect, it } from 'vitest';
import { moved } from './reorder';

describe('moved', () => {
  const list = ['a', 'b', 'c', 'd'];

  it.each([
    [0, 2, 'bcad'],
    [3, 0, 'dabc'],
    [1, 1, 'abcd'],
    [0, -1, 'abcd'],
    [2, 9, 'abdc'],
    [7, 0, 'abcd'],
  ])('puts what is at %i to %i', (from, to, expected) => {
    expect(moved(list, from, to).join('')).toBe(expected);
  });

  it('leaves the list it was given alone', () => {
    moved(list, 0, 3);
    expect(list.join('')).toBe('abcd');
  });
});
