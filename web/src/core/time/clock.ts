/** `m:ss` or `h:mm:ss` of a duration in milliseconds, never negative. */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const pad = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(total % 60)}` : `${minutes}:${pad(total % 60)}`;
}

/** `hh:mm:ss`, the recording clock. */
export function formatRecordingClock(ms: number): string {
  const text = formatClock(ms);
  return text.split(':').length === 3 ? text.padStart(8, '0') : `00:${text.padStart(5, '0')}`;
}

/** `m:ss.d`: where in a recording an incident lies. */
export function formatTenths(ms: number): string {
  return `${formatClock(ms)}.${Math.floor((Math.max(0, ms) % 1000) / 100)}`;
}

/** Milliseconds left of `totalMs` that began at `startMs`, never negative. */
export function remainingMs(startMs: number, totalMs: number, nowMs: number): number {
  return Math.max(0, totalMs - (nowMs - startMs));
}

/** What a countdown shows: it reads 1 until the last second is over. */
export function wholeSecondsLeft(ms: number): number {
  return Math.ceil(ms / 1000);
}

/** The last of a countdown's moments that are read out: its start, half, half a minute and ten seconds before the end. */
export function spokenMark(leftS: number, totalS: number): number {
  const marks = [totalS, totalS / 2, 30, 10].map(Math.round).filter((mark) => mark >= leftS && mark <= totalS);
  return Math.min(Math.round(totalS), ...marks);
}
