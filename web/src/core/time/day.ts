/** The moment a day (`2030-01-31`) begins where this person is, as ISO text; null while it is none. */
export function dayBegins(day: string): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  return parts ? at(Number(parts[1]), Number(parts[2]), Number(parts[3])) : null;
}

/** The moment the day after it begins: what happened on the day itself is before that. */
export function dayEnds(day: string): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  return parts ? at(Number(parts[1]), Number(parts[2]), Number(parts[3]) + 1) : null;
}

function at(year: number, month: number, day: number): string | null {
  const moment = new Date(year, month - 1, day);
  return year < 1000 ? null : moment.toISOString();
}
