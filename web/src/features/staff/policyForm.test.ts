import { describe, expect, it } from 'vitest';
import type { PolicyNumber, PolicyPresets, PolicyRules, PolicyThreshold, TypeRules } from '../../api/types';
import { beginAs, generalOf, generalProblem, policyBody, presetsSay, problemCount, reachAt, readable, repeatAt, shown, stored, typeProblems, typesByLane, watched, withGeneral, withType } from './policyForm';

const LIMIT: PolicyThreshold = { event_type: 'looking_away', name: 'max_yaw_deg', default: 30, least: 20, most: 80, unit: 'degrees' };

const type = (changes: Partial<TypeRules> = {}): TypeRules => ({
  enabled: true,
  dwell_ms: 3_000,
  end_after_ms: 1_500,
  merge_gap_ms: 3_000,
  severities: [[0, 'medium'], [10_000, 'high']],
  repeats: [[4, 1]],
  thresholds: {},
  points: { low: 2, medium: 4, high: 8, critical: 15 },
  most_points: 40,
  ...changes,
});

const rules = (preset: PolicyRules['preset'], enabled: boolean): PolicyRules => ({
  preset,
  types: { no_face: type({ enabled }), looking_away: type({ enabled, thresholds: { max_yaw_deg: 30 } }), paste: type({ enabled }) },
  min_share: 0.7,
  min_observations: 3,
  hold_ms: 1_500,
  pending_gap_ms: 2_500,
  max_gap_ms: 5_000,
  update_every_ms: 1_000,
});

const SHARE: PolicyNumber = { name: 'min_share', least: 0.5, most: 1, unit: 'share' };
const LOOKS: PolicyNumber = { name: 'min_observations', least: 1, most: 100, unit: 'count' };

const presets: PolicyPresets = {
  presets: [
    { name: 'off', rules: rules('off', false) },
    { name: 'standard', rules: rules('standard', true) },
  ],
  thresholds: [LIMIT],
  general: [SHARE, LOOKS],
};

describe('policy form', () => {
  it('becomes custom with the first changed number, and the preset again when it is put back', () => {
    const changed = withType(rules('standard', true), 'no_face', { dwell_ms: 4_000 }, presets);
    expect(changed.preset).toBe('custom');
    expect(policyBody(changed, 3)).toMatchObject({ version: 3, preset: 'custom', rules: { types: { no_face: { dwell_ms: 4_000 } } } });
    const back = withType(changed, 'no_face', { dwell_ms: 3_000 }, presets);
    expect(policyBody(back, 3)).toEqual({ version: 3, preset: 'standard', rules: null });
  });

  it('knows what is watched, lane by lane', () => {
    const changed = withType(rules('standard', true), 'paste', { enabled: false }, presets);
    expect(watched(changed)).toEqual(['no_face', 'looking_away']);
    expect(typesByLane(changed)).toEqual([['face', ['no_face']], ['attention', ['looking_away']], ['window', ['paste']]]);
  });

  it('changes the steps of severity and repetition in their order', () => {
    expect(reachAt(type(), 'critical', 60_000)).toEqual([[0, 'medium'], [10_000, 'high'], [60_000, 'critical']]);
    expect(reachAt(type(), 'high', null)).toEqual([[0, 'medium']]);
    expect(beginAs(type(), 'high')).toEqual([[0, 'high']]);
    expect(beginAs(type(), 'low')).toEqual([[0, 'low'], [10_000, 'high']]);
    expect(repeatAt(type(), 2, 8)).toEqual([[4, 1], [8, 2]]);
    expect(repeatAt(type(), 1, null)).toEqual([]);
  });

  it('names every number out of its range', () => {
    expect(typeProblems(type({ thresholds: { max_yaw_deg: 30 } }), [LIMIT])).toEqual({});
    const wrong = type({
      thresholds: { max_yaw_deg: 15 },
      dwell_ms: NaN,
      most_points: 101,
      severities: [[0, 'medium'], [10_000, 'high'], [10_000, 'critical']],
      repeats: [[6, 1], [4, 2]],
    });
    expect(typeProblems(wrong, [LIMIT])).toEqual({
      dwell_ms: 'Please enter a number.',
      most_points: 'From 0 to 100.',
      max_yaw_deg: 'From 20° to 80°.',
      'severity.critical': 'Later than the step before.',
      'repeat.2': 'Later than the step before.',
    });
    expect(problemCount({ ...rules('custom', true), types: { looking_away: wrong } }, presets)).toBe(5);
  });

  it('changes what holds for all kinds, and is the preset again when that is put back', () => {
    const changed = withGeneral(rules('standard', true), 'min_share', 0.9, presets);
    expect(changed.preset).toBe('custom');
    expect(policyBody(changed, 3)).toMatchObject({ preset: 'custom', rules: { min_share: 0.9, hold_ms: 1_500 } });
    expect(withGeneral(changed, 'min_share', 0.7, presets).preset).toBe('standard');
    expect(Number.isNaN(generalOf(changed, 'from_a_newer_server'))).toBe(true);
  });

  it('keeps to the ranges the server gives', () => {
    const wrong = { ...rules('custom', true), types: {}, min_share: 0.4, min_observations: 2.5 };
    expect(generalProblem(wrong, SHARE)).toBe('From 50 % to 100 %.');
    expect(generalProblem(wrong, LOOKS)).toBe('A whole number.');
    expect(generalProblem({ ...wrong, min_observations: NaN }, LOOKS)).toBe('Please enter a number.');
    expect(problemCount(wrong, presets)).toBe(2);
    expect(generalProblem(rules('standard', true), LOOKS)).toBeNull();
  });

  it('tells which presets have which number', () => {
    const strict = { name: 'strict' as const, rules: { ...rules('strict', true), min_share: 0.6 } };
    const three = { ...presets, presets: [...presets.presets, strict] };
    expect(presetsSay(three, 'min_share')).toEqual([{ value: 0.7, by: ['off', 'standard'] }, { value: 0.6, by: ['strict'] }]);
    expect(presetsSay(three, 'hold_ms')).toEqual([{ value: 1_500, by: ['off', 'standard', 'strict'] }]);
  });

  it('shows numbers in units people use and stores them as they were', () => {
    expect(readable(2_500, 'milliseconds')).toBe('2.5 s');
    expect(shown(0.07, 'share')).toBe(7);
    expect(stored(7, 'share')).toBe(0.07);
    expect(stored(0.3, 'milliseconds')).toBe(300);
    for (const share of [0.03, 0.35, 0.97, 0.85]) expect(stored(shown(share, 'share'), 'share')).toBe(share);
  });
});
