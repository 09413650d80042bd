import { describe, expect, it } from 'vitest';
import { contrast, isColour, LEAST_CONTRAST, readableOn } from './colour';

describe('words on a colour', () => {
  it('are light on dark colours and dark on light ones', () => {
    expect(readableOn('#663399')).toBe('#ffffff');
    expect(readableOn('#ffdd00')).toBe('#16181d');
  });

  it('are counted as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#0c7b75', '#ffffff')).toBeCloseTo(5.11, 2);
    expect(contrast('#ffffff', '#0c7b75')).toBeCloseTo(5.11, 2);
  });

  it('are hard to read on some greys whatever their colour', () => {
    const hard = '#7a7a7a';
    expect(contrast(hard, readableOn(hard))).toBeLessThan(LEAST_CONTRAST);
  });

  it('knows a colour', () => {
    expect(['#0c7b75', '#FFFFFF'].every(isColour)).toBe(true);
    expect(['red', '#fff', '#12345g', ''].some(isColour)).toBe(false);
  });
});
