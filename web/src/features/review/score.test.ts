import { describe, expect, it } from 'vitest';
import type { IntegrityScore, Review, ScoreLine } from '../../api/types';
import { folded, lineReason, noScoreReason, notAnalysedSeconds, orderedLines, pointsOf, pointsOff, sumSentence } from './score';

type ReviewEvent = Review['events'][number];

const line = (changes: Partial<ScoreLine>): ScoreLine => ({
  event_type: 'tab_switch',
  severity: 'medium',
  count: 2,
  points_each: 4,
  points: 8,
  most_points: 25,
  event_ids: ['a', 'b'],
  ...changes,
});

const score = (value: number, lines: ScoreLine[]): IntegrityScore => ({
  value,
  points: lines.reduce((sum, each) => sum + each.points, 0),
  policy_origin: 'organisation',
  policy_version: 3,
  lines,
});

describe('score', () => {
  it('reads as a sum, without what weighs nothing', () => {
    const weightless = line({ event_type: 'connection_lost', severity: 'low', count: 1, points_each: 0, points: 0 });
    const sum = score(79.5, [weightless, line({}), line({ event_type: 'no_face', severity: 'high', count: 1, points_each: 12.5, points: 12.5 })]);
    expect(sumSentence(sum)).toBe('100 − 12.5 (1 × No face, high) − 8 (2 × Tab switched, medium) = 79.5');
    expect(orderedLines(sum).map((each) => each.event_type)).toEqual(['no_face', 'tab_switch', 'connection_lost']);
  });

  it('knows how long nobody looked', () => {
    const event = (event_type: ReviewEvent['event_type'], duration_seconds: number) => ({ event_type, duration_seconds }) as ReviewEvent;
    const events = [event('analysis_degraded', 17.6), event('no_face', 40), event('analysis_degraded', 2.5)];
    expect(notAnalysedSeconds({ events })).toBe(20);
    expect(notAnalysedSeconds({ events: events.slice(1, 2) })).toBe(0);
  });

  it('says so when nothing takes anything off', () => expect(sumSentence(score(100, []))).toBe('100: nothing takes anything off'));

  it('folds many lines into one that keeps the sum', () => {
    const lines = [9, 8, 7, 6, 5, 4, 3, 2].map((points) => line({ points }));
    const { shown, rest } = folded(lines, false);
    expect([shown.length, rest.length]).toEqual([6, 2]);
    expect(pointsOf(shown) + pointsOf(rest)).toBe(44);
    expect([pointsOff(pointsOf(rest)), pointsOff(0)]).toEqual(['− 5', '0']);
    expect(folded(lines, true).rest).toEqual([]);
    expect(folded(lines.slice(0, 7), false).rest).toEqual([]);
  });

  it('names where a type was cut off at its most', () => {
    expect(lineReason(line({}))).toBe('2 × 4 points');
    expect(lineReason(line({ count: 9, points: 25 }))).toBe('9 × 4 points would be 36, this kind takes at most 25');
    expect(lineReason(line({ points_each: 0, points: 0 }))).toBe('weighs nothing');
  });

  it('tells a session without recordings from one that nothing was watched in', () => {
    expect(noScoreReason({ videos: [] })).toContain('nothing was recorded');
    expect(noScoreReason({ videos: [{} as never] })).toContain('not watched');
  });
});
