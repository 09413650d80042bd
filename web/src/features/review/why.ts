import type { ProctoringEvent } from '../../api/types';
import { formatTenths } from '../../core/time/clock';
import { measures as measuresText } from '../../text/measures';
import { review as reviewText } from '../../text/review';
import { why as words, type Told } from '../../text/why';
import { isSeen, LIMIT_OF, withUnit } from './measures';

type Values = ProctoringEvent['measured'];
type Raised = Pick<ProctoringEvent, 'measured' | 'thresholds' | 'video_id' | 'event_type' | 'duration_seconds'>;

export interface WhyRow {
  name: string;
  value: string;
  /** What it was compared with, when it was. */
  limit: string | null;
  /** What the number means, where its name does not say it. */
  about: string | null;
}

/** What was observed over the incident, as pairs of recording milliseconds and a value. */
export interface Series {
  points: [number, number][];
  /** What it shows, from when to when. */
  caption: string;
  /** Values that are compared with, in the same unit. */
  limits: number[];
  /** The same limits in words. */
  limitText: string | null;
}

export interface Why {
  /** The whole of it in a sentence or two. */
  sentence: string | null;
  /** What speaks for and against it. */
  sure: string[];
  measured: WhyRow[];
  /** Limits that have no measured partner. */
  limits: WhyRow[];
  /** Null where a curve would say nothing. */
  series: Series | null;
  /** Whether a measured value is a mean of several. */
  spread: boolean;
  policyVersion: string | null;
}

/** Told in words of their own, or not at all when there is nothing to tell. */
const SPECIAL = new Set([
  ...['series', 'observations', 'abnormal_observations', 'unobserved_ms', 'calm_ms', 'merged', 'times', 'offsets_ms', 'details'],
  ...['policy_version', 'min_share', 'ended_by_gap'],
]);

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.filter(isNumber) : []);

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isNumber);
}

interface Spread {
  min: number;
  max: number;
  mean: number;
}

function isSpread(value: unknown): value is Spread {
  if (typeof value !== 'object' || value === null) return false;
  const { min, max, mean } = value as Partial<Record<keyof Spread, unknown>>;
  return isNumber(min) && isNumber(max) && isNumber(mean);
}

/** A measured value or limit for people, with its unit; a spread as its mean and, in brackets, from where to where. */
export function readableValue(key: string, value: unknown): string {
  if (isNumber(value)) return withUnit(key, value);
  if (isSpread(value)) {
    const mean = withUnit(key, value.mean);
    return value.min === value.max ? mean : reviewText.spread(mean, withUnit(key, value.min), withUnit(key, value.max));
  }
  if (typeof value === 'string') return key === 'cause' || key === 'reason' ? measuresText.value(value) : value;
  if (typeof value === 'boolean') return value ? reviewText.yes : reviewText.no;
  return value === null || value === undefined ? '–' : JSON.stringify(value);
}

const isAngle = (key: string): boolean => key === 'yaw_deg' || key === 'pitch_deg';

/** Which limit a value is compared with: the one it belongs to, or the one of its own name. */
function limitOf(key: string, limits: Values): { key: string; text: string } | null {
  const known = LIMIT_OF[key];
  const compared = known && limits[known.limit];
  if (known && isNumber(compared) && (compared !== 0 || known.limit !== 'dwell_ms')) {
    return { key: known.limit, text: measuresText[known.side]((isAngle(key) ? '±' : '') + withUnit(known.limit, compared)) };
  }
  return key in limits ? { key, text: readableValue(key, limits[key]) } : null;
}

const row = (key: string, value: string, limit: string | null = null): WhyRow => ({
  name: measuresText.name(key),
  value,
  limit,
  about: words.about(key),
});

/** How often, and when, where an incident is made of several. */
function repeated({ measured, video_id }: Raised): WhyRow[] {
  const offsets = numbers(measured.offsets_ms);
  return [
    ...(isNumber(measured.merged) ? [row('merged', measuresText.incidents(measured.merged))] : []),
    ...(isNumber(measured.times) && measured.times > 1 ? [row('times', String(measured.times))] : []),
    ...(offsets.length > 1 && video_id !== null ? [row('offsets_ms', offsets.map(formatTenths).join(', '))] : []),
    ...(isNumber(measured.calm_ms) && measured.calm_ms > 0 ? [row('calm_ms', withUnit('calm_ms', measured.calm_ms))] : []),
  ];
}

function detailsOf({ measured }: Raised): Record<string, unknown> {
  return typeof measured.details === 'object' && measured.details !== null ? (measured.details as Record<string, unknown>) : {};
}

/** What the browser said about it. */
const details = (event: Raised): WhyRow[] =>
  Object.entries(detailsOf(event)).map(([key, value]) => {
    const chosen = typeof value === 'string' && ['kind', 'change', 'by'].includes(key);
    return row(key, chosen ? measuresText.value(value) : readableValue(key, value));
  });

/** The length first, then the cause, then what was compared with a limit, then the rest: JSON keeps no order. */
function rank(key: string, limits: Values): number {
  if (key === 'duration_ms') return 0;
  if (key === 'cause' || key === 'reason') return 1;
  if (key === 'nth_in_session') return 4;
  return limitOf(key, limits) ? 2 : 3;
}

const meanOf = (value: unknown): number | null => (isNumber(value) ? value : isSpread(value) ? value.mean : null);

/** What the sentence is made of. */
function told(event: Raised): Told {
  const { measured, thresholds } = event;
  const lastedMs = isNumber(measured.duration_ms) ? measured.duration_ms : event.duration_seconds * 1000;
  const dwell = thresholds.dwell_ms;
  const valued = (key: string, value: number | null, limit: string): string | null =>
    value === null ? null : withUnit(limit, isAngle(key) ? Math.abs(value) : value);
  return {
    lasted: lastedMs > 0 ? withUnit('duration_ms', lastedMs) : null,
    dwell: isNumber(dwell) && dwell > 0 ? withUnit('dwell_ms', dwell) : null,
    value: (key) => valued(key, meanOf(measured[key]), key),
    limit: (key) => valued(key, meanOf(thresholds[key]), key),
    cause: typeof measured.cause === 'string' ? measured.cause : null,
    said: (key) => {
      const value = detailsOf(event)[key] ?? measured[key];
      return typeof value === 'string' || isNumber(value) ? value : null;
    },
  };
}

/** Neither seen in the picture nor said by the browser: heard, and noticed by the server itself. */
const TOLD_BY_NOBODY: ReadonlySet<string> = new Set(['microphone_muted', 'analysis_degraded']);

/** What speaks for it and against it: how many looks agree, and what nobody saw. */
function sure({ measured, thresholds, event_type }: Raised): string[] {
  const { observations: all, abnormal_observations: showing, unobserved_ms: unseen } = measured;
  const share = isNumber(thresholds.min_share) ? withUnit('min_share', thresholds.min_share) : null;
  const cannot = measuresText.cannot(event_type);
  return [
    ...(isNumber(all) && isNumber(showing) && all > 0 ? [words.looks(showing, all, share)] : []),
    ...(isNumber(unseen) && unseen > 0 ? [words.unseen(withUnit('unobserved_ms', unseen))] : []),
    ...(measured.ended_by_gap === true ? [words.gap] : []),
    ...(isSeen(event_type) || TOLD_BY_NOBODY.has(event_type) ? [] : [words.exact]),
    ...(cannot === null ? [] : [cannot]),
  ];
}

/** The key whose unit and limit the curve of a type has. */
const SERIES_KEY: Record<string, string> = {
  looking_away: 'yaw_deg',
  face_partly_hidden: 'hidden_share',
  camera_covered: 'brightness',
  camera_frozen: 'still_ms',
  poor_lighting: 'brightness',
  microphone_muted: 'level_db',
  virtual_camera: 'repeats_ms',
};

/** The curve, unless it is a straight line: that the sentence has said already. */
function seriesOf({ measured, thresholds, event_type }: Raised): Series | null {
  const points = Array.isArray(measured.series) ? measured.series.filter(isPair) : [];
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.every(([, value]) => value === first[1])) return null;
  const key = SERIES_KEY[event_type] ?? 'faces';
  const known = LIMIT_OF[key];
  const limit = known && thresholds[known.limit];
  const compared = isNumber(limit) && known ? withUnit(known.limit, limit) : null;
  return {
    points,
    caption: words.series(words.seriesOf[event_type] ?? measuresText.name(key), formatTenths(first[0]), formatTenths(last[0])),
    limits: isNumber(limit) ? (isAngle(key) ? [-limit, limit] : [limit]) : [],
    limitText: compared === null ? null : words.seriesLimit((isAngle(key) ? '±' : '') + compared),
  };
}

/** Why an incident was raised: in a sentence, by which values, against which limits, and how sure that is. */
export function why(event: Raised): Why {
  const { measured, thresholds } = event;
  const compared = new Set<string>();
  const plain = Object.entries(measured)
    // What has no length, as a copied text, need not say so.
    .filter(([key, value]) => !SPECIAL.has(key) && !(key === 'duration_ms' && value === 0))
    .sort(([a], [b]) => rank(a, thresholds) - rank(b, thresholds) || a.localeCompare(b))
    .map(([key, value]) => {
      const limit = limitOf(key, thresholds);
      if (limit) compared.add(limit.key);
      return row(key, readableValue(key, value), limit?.text ?? null);
    });
  const { policy_version: version } = thresholds;
  return {
    sentence: words.sentence(event.event_type, told(event)),
    sure: sure(event),
    measured: [...plain, ...details(event), ...repeated(event)],
    limits: Object.entries(thresholds)
      .filter(([key]) => !compared.has(key) && !SPECIAL.has(key))
      .map(([key, value]) => ({ name: measuresText.limit(key), value: readableValue(key, value), limit: null, about: null })),
    series: seriesOf(event),
    spread: Object.values(measured).some((value) => isSpread(value) && value.min !== value.max),
    policyVersion: typeof version === 'string' ? version : null,
  };
}
