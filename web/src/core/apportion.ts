/** `count` in whole parts after percentages that sum to 100: largest remainders first, as the server draws. */
export function apportion(count: number, percents: readonly number[]): number[] {
  const parts = percents.map((percent) => Math.floor((count * percent) / 100));
  const left = count - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = percents
    .map((percent, index) => ({ index, remainder: (count * percent) % 100 }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, Math.max(0, left))) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
