import { laneOf } from '../../core/timeline/lanes';
import { text } from '../../text';
import { measures as measuresText } from '../../text/measures';

/** On which side of its limit a value raises the incident. */
type Side = 'above' | 'below' | 'from' | 'atMost';

/** The limit that a measured value is compared with, and how. */
export const LIMIT_OF: Record<string, { limit: string; side: Side }> = {
  duration_ms: { limit: 'dwell_ms', side: 'from' },
  best_score: { limit: 'present_min_score', side: 'below' },
  second_score: { limit: 'second_face_min_score', side: 'from' },
  second_width: { limit: 'second_face_min_width', side: 'from' },
  yaw_deg: { limit: 'max_yaw_deg', side: 'above' },
  pitch_deg: { limit: 'max_pitch_deg', side: 'above' },
  hidden_share: { limit: 'max_hidden_share', side: 'above' },
  contrast: { limit: 'covered_max_contrast', side: 'atMost' },
  dark_share: { limit: 'covered_min_dark_share', side: 'from' },
  sharpness: { limit: 'covered_max_sharpness', side: 'atMost' },
  brightness: { limit: 'min_brightness', side: 'below' },
  face_brightness: { limit: 'min_face_brightness', side: 'below' },
  bright_share: { limit: 'max_bright_share', side: 'above' },
  still_ms: { limit: 'min_still_ms', side: 'from' },
  repeats_ms: { limit: 'min_loop_ms', side: 'from' },
  level_db: { limit: 'silent_max_db', side: 'atMost' },
};

const SHARES = /(share|width|brightness|contrast)$/;

/** Two decimals below ten, none above a hundred. */
export function decimal(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

function plain(key: string, value: number): string {
  if (key.endsWith('_ms')) return text.events.lasting(value / 1000);
  if (key.endsWith('_seconds')) return text.events.lasting(value);
  if (key.endsWith('_deg')) return `${Math.round(value)}°`;
  if (key.endsWith('_db')) return `${Math.round(value)} dB`;
  if (key.endsWith('_motion')) return `${decimal(value)} ×`;
  if (key === 'length') return measuresText.characters(value);
  if (SHARES.test(key)) return `${decimal(Math.round(value * 1000) / 10)} %`;
  return key.includes('score') ? value.toFixed(2) : decimal(value);
}

/** A number of this name with its unit: `_ms` and `_seconds` in seconds, angles in degrees, shares in per cent. */
export const withUnit = (key: string, value: number): string => plain(key, value).replace('-', '−');

/** Whether an event of this type is seen in the picture, so that a snapshot could be expected. */
export const isSeen = (eventType: string): boolean => ['face', 'attention', 'picture'].includes(laneOf(eventType));
