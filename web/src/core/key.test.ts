import { expect, it } from 'vitest';
import { newKey } from './key';

it('makes keys that fit into a header and differ', () => {
  const keys = Array.from({ length: 50 }, newKey);
  expect(new Set(keys).size).toBe(50);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});
