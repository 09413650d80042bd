import { describe, expect, it } from 'vitest';
import { labelSide } from './labels';

const bar = (leftPx: number, rightPx: number) => ({ leftPx, rightPx });

describe('labelSide', () => {
  it.each([
    ['beside a lone bar', [bar(10, 20)], 0, 'right'],
    ['before a bar near the end', [bar(500, 520)], 0, 'left'],
    ['before one whose next is near', [bar(150, 160), bar(200, 210)], 0, 'left'],
    ['nowhere between two', [bar(100, 110), bar(150, 160), bar(200, 210)], 1, null],
    ['nowhere beside one that fills the track', [bar(0, 600)], 0, null],
  ] as const)('%s', (_, bars, index, side) => expect(labelSide(bars, index, 100, 600)).toBe(side));
});
