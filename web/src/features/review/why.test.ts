import { describe, expect, it } from 'vitest';
import { readableValue, why } from './why';

const times = { dwell_ms: 5_000, end_after_ms: 1_500, merge_gap_ms: 3_000, min_share: 0.7, policy_version: 'organisation-3' };

type Raised = Parameters<typeof why>[0];
const raised = (eventType: string, measured: Raised['measured'], thresholds: Raised['thresholds'] = times): Raised => ({
  event_type: eventType,
  duration_seconds: 0,
  video_id: 'v',
  measured,
  thresholds,
});
const row = (event: Raised, name: string) => why(event).measured.find((each) => each.name === name);
const sentence = (eventType: string, measured: Raised['measured'], thresholds: Raised['thresholds'] = {}) =>
  why(raised(eventType, measured, thresholds)).sentence;

const away = raised(
  'looking_away',
  {
    observations: 120,
    abnormal_observations: 112,
    unobserved_ms: 0,
    calm_ms: 0,
    duration_ms: 26_850,
    cause: 'sideways',
    usual_yaw_deg: 2,
    yaw_deg: { min: -52.2, max: -31.4, mean: -41.8 },
    series: [[0, -42], [500, -40], 'x'],
  },
  { ...times, max_yaw_deg: 30, max_pitch_deg: 25 },
);

describe('why, in a sentence', () => {
  it('says what was seen, by how much, for how long and from when on that is noted', () => {
    expect(why(away).sentence).toBe(
      'The head was turned sideways for 26.9 s, by 42° where 30° are allowed, counted from how this person usually sits. It is noted from 5.0 s on.',
    );
    expect(sentence('multiple_faces', { faces: 2, duration_ms: 9_500 }, { dwell_ms: 2_000 })).toBe(
      '2 living faces were seen at the same time for 9.5 s. It is noted from 2.0 s on.',
    );
    expect(sentence('face_partly_hidden', { hidden_share: { min: 0.3, max: 0.8, mean: 0.61 } }, { max_hidden_share: 0.35 })).toContain('by 61 % where 35 % are allowed');
  });

  it('tells the causes of one type apart', () => {
    expect(sentence('microphone_muted', { cause: 'muted' })).toContain('switched off');
    expect(sentence('microphone_muted', { cause: 'silent' })).toContain('digital silence');
    expect(sentence('virtual_camera', { cause: 'loop' })).toContain('repeated itself');
    expect(sentence('virtual_camera', { details: { label: 'OBS' } })).toContain('“OBS”');
    expect(sentence('connection_lost', { reason: 'connection_lost', duration_ms: 900 })).toBe(
      'Nothing arrived from the camera any more for 0.9 s; nothing was recorded meanwhile.',
    );
  });

  it('calls told by the browser only what was', () => {
    const told = (eventType: string) => why(raised(eventType, {}, {})).sure.join(' ').includes('Told by the browser');
    expect(['paste', 'tab_switch', 'connection_lost'].every(told)).toBe(true);
    expect(['analysis_degraded', 'microphone_muted', 'no_face'].some(told)).toBe(false);
  });

  it('tells what the browser said', () => {
    expect(sentence('paste', { times: 1, details: { length: 27 } })).toBe('27 characters were pasted into the page.');
    expect(sentence('copy', { times: 3, details: { length: 27 } })).toBe('Text was copied 3 times from the page.');
    expect(sentence('screen_share_stopped', { details: { by: 'button' } })).toContain('button on the page');
    expect(sentence('device_changed', { details: { kind: 'microphone', change: 'removed' } })).toBe('A microphone was removed.');
  });

  it('has none for a type of a newer server, and promises nothing where values are missing', () => {
    expect(sentence('phone_visible', { duration_ms: 900 })).toBeNull();
    expect(sentence('no_face', {})).toBe('No face was seen, though the camera could see.');
  });
});

describe('why, how sure', () => {
  it('counts the looks that agree and says what nobody saw', () => {
    const event = raised('no_face', { observations: 64, abnormal_observations: 60, unobserved_ms: 2_000, ended_by_gap: true });
    const [looks, unseen, gap, cannot] = why(event).sure;
    expect(looks).toBe('60 of 64 looks at the picture showed it; 70 % would be enough.');
    expect(unseen).toContain('2.0 s');
    expect(gap).toContain('longer');
    expect(cannot).toContain('cannot tell');
  });

  it('does not call estimated what was told', () => {
    expect(why(raised('tab_switch', {})).sure.join(' ')).toContain('not estimated');
    expect(why(raised('no_face', {})).sure.join(' ')).not.toContain('not estimated');
  });
});

describe('why, by which values', () => {
  it('puts what was measured beside its limit, with unit, spread and what it means', () => {
    expect(why(away).measured).toEqual([
      { name: 'Lasted', value: '26.9 s', limit: 'noted from 5.0 s on', about: null },
      { name: 'Cause', value: 'sideways', limit: null, about: null },
      { name: 'Turned sideways', value: '−42° (−52° to −31°)', limit: 'noted above ±30°', about: '0° is how this person usually sits.' },
      { name: 'Usual, sideways', value: '2°', limit: null, about: 'Learnt in the first ten seconds.' },
    ]);
    expect(why(away).spread).toBe(true);
  });

  it('lists the other limits apart, and the policy by itself', () => {
    expect(why(away).limits.map((each) => each.name)).toEqual([
      'Ends after it has been gone for',
      'Joined when the gap is shorter than',
      'Turned up or down by more than',
    ]);
    expect(why(away).policyVersion).toBe('organisation-3');
  });

  it('draws pairs of numbers with the limit on both sides, and no straight line', () => {
    expect(why(away).series).toEqual({
      points: [[0, -42], [500, -40]],
      caption: 'Turned sideways, 0:00.0 to 0:00.5',
      limits: [-30, 30],
      limitText: 'dashed: ±30°',
    });
    expect(why(raised('no_face', { series: [[0, 0], [500, 0], [900, 0]] })).series).toBeNull();
    expect(why(raised('multiple_faces', { series: [[0, 2], [500, 3]] })).series).toMatchObject({ caption: 'Faces seen, 0:00.0 to 0:00.5', limits: [], limitText: null });
  });

  it('names incidents that were joined', () => {
    const event = raised('no_face', { unobserved_ms: 2_000, calm_ms: 1_200, merged: 3 });
    expect(why(event).measured.map(({ name, value }) => [name, value])).toEqual([
      ['Joined from', '3 incidents'],
      ['Calm in between', '1.2 s'],
    ]);
  });

  it('tells what the browser said, and where in the recording', () => {
    const event = raised('screen_share_stopped', { times: 2, offsets_ms: [12_300, 14_000], details: { length: 12, by: 'browser' } });
    expect(row(event, 'Length of the text')?.value).toBe('12 characters');
    expect(row(event, 'Stopped by')?.value).toContain('the browser');
    expect(row(event, 'At')?.value).toBe('0:12.3, 0:14.0');
    expect(row({ ...event, video_id: null }, 'At')).toBeUndefined(); // there is no recording to have a place in
  });

  it('says nothing of a length where there is none, or of a wait where there was none', () => {
    const pasted = raised('paste', { duration_ms: 0 }, { ...times, dwell_ms: 0 });
    expect(why(pasted).measured).toEqual([]);
    expect(row({ ...pasted, measured: { duration_ms: 900 } }, 'Lasted')).toMatchObject({ value: '0.9 s', limit: null });
  });

  it('compares each picture measure with its own limit', () => {
    const covered = raised('camera_covered', { brightness: 0.02, contrast: 0.012 }, { covered_max_contrast: 0.03 });
    expect(row(covered, 'Contrast')).toMatchObject({ value: '1.20 %', limit: 'noted up to 3 %' });
    expect(row(covered, 'Brightness of the picture')?.limit).toBeNull();
    const muted = raised('microphone_muted', { level_db: -127, cause: 'silent' }, { silent_max_db: -127 });
    expect(row(muted, 'Loudness')).toMatchObject({ value: '−127 dB', limit: 'noted up to −127 dB' });
    expect(row(muted, 'Cause')?.value).toContain('digital silence');
  });

  it('writes values for people', () => {
    expect(readableValue('x', null)).toBe('–');
    expect(readableValue('x', true)).toBe('yes');
    expect(readableValue('sharpness', 795.44)).toBe('795');
    expect(readableValue('best_score', 0.5)).toBe('0.50');
    expect(readableValue('x', { min: 1, max: 1, mean: 1 })).toBe('1');
    expect(readableValue('label', 'OBS Virtual_Camera')).toBe('OBS Virtual_Camera');
  });
});
