import type { IntegrityScore, Review, ScoreLine } from '../../api/types';
import { text } from '../../text';
import { review as reviewText } from '../../text/review';

const words = reviewText.score;

/** At most two decimals, none where they are zeros. */
export const readablePoints = (points: number): string => String(Math.round(points * 100) / 100);

/** What is taken off, as it stands in the sum. */
export const pointsOff = (points: number): string => (points === 0 ? '0' : `− ${readablePoints(points)}`);

/** How a line came about: `2 × 10`, or the limit of its type where that cut it off. */
export function lineReason(line: ScoreLine): string {
  const full = line.count * line.points_each;
  if (line.points_each === 0) return words.weightless;
  const product = words.times(line.count, readablePoints(line.points_each));
  return full > line.points + 0.005 ? words.cutOff(product, readablePoints(full), readablePoints(line.most_points)) : product;
}

/** Lines that take most off first, then those that are only listed. */
export function orderedLines(score: IntegrityScore): ScoreLine[] {
  return [...score.lines].sort((a, b) => b.points - a.points);
}

/** The whole sum in one sentence, as a screen reader says it. */
export function sumSentence(score: IntegrityScore): string {
  const parts = orderedLines(score)
    .filter((line) => line.points > 0)
    .map((line) => words.part(readablePoints(line.points), line.count, text.events.label(line.event_type), text.common.severity[line.severity].toLowerCase()));
  return words.sum(readablePoints(score.value), parts);
}

/** Why there is no score. */
export function noScoreReason(review: Pick<Review, 'videos'>): string {
  return review.videos.length === 0 ? words.nothingRecorded : words.nothingWatched;
}

/** How many seconds of a session nobody looked at; dismissing that does not make them seen. */
export function notAnalysedSeconds(review: Pick<Review, 'events'>): number {
  const spans = review.events.filter((event) => event.event_type === 'analysis_degraded');
  return Math.round(spans.reduce((sum, event) => sum + event.duration_seconds, 0));
}

/** Identifies a line within its score. */
export const lineKey = (line: Pick<ScoreLine, 'event_type' | 'severity'>): string => `${line.event_type} ${line.severity}`;

/** More lines than this are folded away, into one that says how much they take off together. */
export const SHOWN_LINES = 7;

/** The lines to show, and those folded away: never a single one, which would need as much room itself. */
export function folded(lines: readonly ScoreLine[], open: boolean): { shown: readonly ScoreLine[]; rest: readonly ScoreLine[] } {
  if (open || lines.length <= SHOWN_LINES) return { shown: lines, rest: [] };
  return { shown: lines.slice(0, SHOWN_LINES - 1), rest: lines.slice(SHOWN_LINES - 1) };
}

export const pointsOf = (lines: readonly ScoreLine[]): number => lines.reduce((sum, line) => sum + line.points, 0);
