import { expect, it } from 'vitest';
import { dayBegins, dayEnds } from './day';

it('spans a day of this zone, the last of a month too', () => {
  expect(dayBegins('2030-01-31')).toBe(new Date(2030, 0, 31).toISOString());
  expect(dayEnds('2030-01-31')).toBe(new Date(2030, 1, 1).toISOString());
});

it.each(['', '2030-01', 'nonsense', '0002-01-01'])('%j is no day yet', (day) => {
  expect(dayBegins(day)).toBeNull();
  expect(dayEnds(day)).toBeNull();
});
