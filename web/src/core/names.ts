/** How somebody is spoken to: the first of their names. */
export const firstName = (fullName: string): string => fullName.trim().split(/\s+/)[0] ?? '';

/** Up to two letters that stand for somebody without a picture. */
export function initials(fullName: string): string {
  const parts = fullName.trim().split(/\s+/).filter(Boolean);
  const ends = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return ends.map((part) => Array.from(part ?? '')[0]?.toUpperCase() ?? '').join('');
}
