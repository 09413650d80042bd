import { describe, expect, it } from 'vitest';
import { codeOf } from './invitation';

describe('codeOf', () => {
  it('takes six digits and nothing else', () => {
    expect(codeOf('#012345')).toBe('012345');
    for (const hash of ['', '#', '#12345', '#1234567', '#12345a', '012345', '#012345&next=//evil']) expect(codeOf(hash)).toBeNull();
  });
});
