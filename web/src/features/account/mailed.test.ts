import { expect, test } from 'vitest';
import { mailedToken } from './mailed';

test('the token stands after the hash', () => {
  expect(mailedToken('#abc-_1')).toBe('abc-_1');
  expect(mailedToken('')).toBe('');
});
