import { describe, expect, it } from 'vitest';
import { apportion } from './apportion';

describe('apportion', () => {
  // The same cases as the server's test.
  it.each([
    [10, [33, 34, 33], [3, 4, 3]],
    [5, [33, 34, 33], [2, 2, 1]],
    [1, [10, 40, 50], [0, 0, 1]],
    [50, [33, 34, 33], [17, 17, 16]],
  ])('splits %i by %j', (count, percents, parts) => {
    expect(apportion(count, percents)).toEqual(parts);
  });
});
