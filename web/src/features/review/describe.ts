import type { ProctoringEvent, Question } from '../../api/types';
import { isScreen, type Entry } from '../../core/playback/playlist';
import { formatTenths } from '../../core/time/clock';
import { text } from '../../text';
import { review as reviewText } from '../../text/review';

/** How long an incident lasted; null for what has no length, as a copied text. */
export function lasting(event: ProctoringEvent): string | null {
  if (event.is_open) return text.events.ongoing;
  return event.duration_seconds > 0 ? text.events.lasting(event.duration_seconds) : null;
}

/** From and to of an incident in its video. */
export function eventRange(event: ProctoringEvent): string {
  const from = formatTenths(event.offset_ms);
  if (event.is_open) return text.events.from(from, text.events.ongoing);
  if (event.duration_seconds <= 0) return from;
  return text.events.from(from, formatTenths(event.offset_ms + event.duration_seconds * 1000));
}

/** What a video is called in the playlist. */
export function entryName(entry: Entry): string {
  if (isScreen(entry.video)) return reviewText.screen(entry.part);
  if (entry.part !== null) return reviewText.part(entry.part);
  if (entry.questionNumber === null) return reviewText.wholeSession;
  const name = reviewText.question(entry.questionNumber);
  return entry.video.take_number > 1 || !entry.video.is_selected ? `${name}, ${reviewText.take(entry.video.take_number)}` : name;
}

/** The same in two or three characters, for a narrow block. */
export function entryShortName(entry: Entry): string {
  if (isScreen(entry.video)) return reviewText.screenShort(entry.part);
  if (entry.questionNumber === null) return entry.part === null ? reviewText.wholeSession : String(entry.part);
  const name = reviewText.questionShort(entry.questionNumber);
  return entry.video.take_number > 1 ? `${name}·${entry.video.take_number}` : name;
}

export const questionText = (question: Question | null): string => question?.text ?? '';

export function formatBytes(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}
