import { describe, expect, it } from 'vitest';
import { levelDb, meterPosition, smoothed } from './level';

describe('microphone level', () => {
  it('measures in dB full scale', () => {
    expect(levelDb(new Float32Array([1, -1]))).toBeCloseTo(0);
    expect(levelDb(new Float32Array([0.1, -0.1]))).toBeCloseTo(-20);
    expect(levelDb(new Float32Array(4))).toBe(-Infinity);
  });

  it('maps to a bar', () => {
    expect(meterPosition(-Infinity)).toBe(0);
    expect(meterPosition(-30)).toBe(0.5);
    expect(meterPosition(3)).toBe(1);
  });

  it('rises at once and falls slowly', () => {
    expect(smoothed(0.2, 0.9, 16)).toBe(0.9);
    expect(smoothed(0.9, 0.1, 100)).toBeCloseTo(0.78);
  });
});
