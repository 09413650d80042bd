import { describe, expect, it } from 'vitest';
import { curve } from './curve';

describe('curve', () => {
  it('holds a value until the next, from the first time to the last', () => {
    const { path } = curve([[1_000, 0], [1_500, 2], [2_000, 1]], [], 100, 44);
    expect(path).toBe('M0.0,42H50.0V2H100.0V22');
  });

  it('makes room for the limits', () => {
    expect(curve([[0, 10], [10, 20]], [-30, 30], 60, 64)).toEqual({ path: 'M0.0,22H60.0V12', limits: [62, 2] });
  });

  it('draws what there is', () => {
    expect(curve([], [1], 10, 10)).toEqual({ path: '', limits: [] });
    expect(curve([[5, 3]], [], 10, 10).path).toBe('M0.0,8');
  });
});
