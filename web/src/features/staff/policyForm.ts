import type { ChangePolicy, PolicyNumber, PolicyPresets, PolicyRules, PolicyThreshold, PresetName, Severity, TypeRules } from '../../api/types';
import { LANES, laneOf, type Lane } from '../../core/timeline/lanes';
import { policy as words } from '../../text/policy';

const LONGEST_MS = 3_600_000;
const MOST_POINTS = 100;
export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** The rules of a preset; undefined for `custom`, which has none of its own. */
export const rulesOf = (presets: PolicyPresets, name: PresetName): PolicyRules | undefined =>
  presets.presets.find((preset) => preset.name === name)?.rules;

/** Whether two rules have the same numbers, whatever they are called. */
export function sameNumbers(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a).filter(([key]) => key !== 'preset');
  const right = new Map(Object.entries(b).filter(([key]) => key !== 'preset'));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameNumbers(value, right.get(key)));
}

/** Changed rules under the name of the preset they have become, else `custom`. */
function named(changed: PolicyRules, presets: PolicyPresets): PolicyRules {
  const preset = presets.presets.find((each) => sameNumbers(each.rules, changed))?.name ?? 'custom';
  return { ...changed, preset };
}

/** The rules with one type changed. */
export function withType(rules: PolicyRules, eventType: string, change: Partial<TypeRules>, presets: PolicyPresets): PolicyRules {
  const old = rules.types[eventType];
  return old ? named({ ...rules, types: { ...rules.types, [eventType]: { ...old, ...change } } }, presets) : rules;
}

/** A number that holds for all types; NaN for one these rules do not have. */
export function generalOf(rules: PolicyRules, name: string): number {
  const value: unknown = (rules as unknown as Record<string, unknown>)[name];
  return typeof value === 'number' ? value : NaN;
}

/** The rules with a number changed that holds for all types. */
export function withGeneral(rules: PolicyRules, name: string, value: number, presets: PolicyPresets): PolicyRules {
  return named({ ...rules, [name]: value }, presets);
}

/** What the presets have for a number, and which of them: those that agree together, in their order. */
export function presetsSay(presets: PolicyPresets, name: string): { value: number; by: PresetName[] }[] {
  const said: { value: number; by: PresetName[] }[] = [];
  for (const preset of presets.presets) {
    const value = generalOf(preset.rules, name);
    const same = said.find((each) => each.value === value);
    if (same) same.by.push(preset.name);
    else said.push({ value, by: [preset.name] });
  }
  return said;
}

/** What saving sends: the name of a preset, or with `custom` all its numbers. */
export function policyBody(rules: PolicyRules, version: number): ChangePolicy {
  return { version, preset: rules.preset, rules: rules.preset === 'custom' ? rules : null };
}

/** The event types by lane, as the review desk shows them. */
export function typesByLane(rules: PolicyRules): [Lane, string[]][] {
  const types = Object.keys(rules.types);
  return LANES.map((lane): [Lane, string[]] => [lane, types.filter((type) => laneOf(type) === lane)]).filter(([, of]) => of.length > 0);
}

export const watched = (rules: PolicyRules): string[] => Object.keys(rules.types).filter((type) => rules.types[type]?.enabled);

/** From which length in milliseconds on an incident has each severity: 0 for the first, null where it never gets there. */
export function severityStarts(type: TypeRules): Record<Severity, number | null> {
  const starts: Record<Severity, number | null> = { low: null, medium: null, high: null, critical: null };
  for (const [fromMs, severity] of type.severities) starts[severity] = fromMs;
  return starts;
}

/** The steps that begin with `first` and keep the later ones. */
export function beginAs(type: TypeRules, first: Severity): TypeRules['severities'] {
  const later = type.severities.filter(([fromMs, severity]) => fromMs !== 0 && SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(first));
  return [[0, first], ...later];
}

/** The steps with one severity reached at another length, or never. */
export function reachAt(type: TypeRules, severity: Severity, fromMs: number | null): TypeRules['severities'] {
  const others = type.severities.filter(([, other]) => other !== severity);
  const steps: TypeRules['severities'] = fromMs === null ? others : [...others, [fromMs, severity]];
  return steps.sort(([, a], [, b]) => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b));
}

/** The n-th incident from which on the severity rises by so many steps; null for never. */
export const repeatFrom = (type: TypeRules, steps: number): number | null => type.repeats.find(([, up]) => up === steps)?.[0] ?? null;

export function repeatAt(type: TypeRules, steps: number, fromNth: number | null): TypeRules['repeats'] {
  const others = type.repeats.filter(([, up]) => up !== steps);
  const all: TypeRules['repeats'] = fromNth === null ? others : [...others, [fromNth, steps]];
  return all.sort(([, a], [, b]) => a - b);
}

/** How a unit is shown: numbers are multiplied by `factor`, then end in `suffix`. */
export function display(unit: string): { factor: number; suffix: string; decimals: number } {
  const { suffix } = words;
  if (unit === 'milliseconds') return { factor: 0.001, suffix: suffix.seconds, decimals: 1 };
  if (unit === 'share') return { factor: 100, suffix: suffix.share, decimals: 1 };
  if (unit === 'degrees') return { factor: 1, suffix: suffix.degrees, decimals: 0 };
  if (unit === 'decibels') return { factor: 1, suffix: suffix.decibels, decimals: 0 };
  if (unit === 'count') return { factor: 1, suffix: '', decimals: 0 };
  if (unit === 'ratio') return { factor: 1, suffix: suffix.ratio, decimals: 1 };
  return { factor: 1, suffix: '', decimals: 2 };
}

/** A stored number as it is shown, without the dust of the multiplication. */
export const shown = (value: number, unit: string): number => Math.round(value * display(unit).factor * 1000) / 1000;

/** A shown number as it is stored; milliseconds are whole. */
export function stored(value: number, unit: string): number {
  const exact = value / display(unit).factor;
  return unit === 'milliseconds' ? Math.round(exact) : Math.round(exact * 1e6) / 1e6;
}

/** A number with its unit. */
export const readable = (value: number, unit: string): string => `${shown(value, unit)}${display(unit).suffix}`;

export type Problems = Record<string, string>;

function outside(value: number, least: number, most: number, unit: string): string | null {
  if (!Number.isFinite(value)) return words.problem.missing;
  return value < least || value > most ? words.problem.range(readable(least, unit), readable(most, unit)) : null;
}

function stepProblems(type: TypeRules): Problems {
  const problems: Problems = {};
  type.severities.forEach(([fromMs, severity], index) => {
    const before = type.severities[index - 1]?.[0] ?? -1;
    const problem = outside(fromMs, 0, LONGEST_MS, 'milliseconds') ?? (fromMs <= before ? words.problem.rising : null);
    if (problem) problems[`severity.${severity}`] = problem;
  });
  type.repeats.forEach(([fromNth, steps], index) => {
    const before = type.repeats[index - 1]?.[0] ?? 1;
    if (!Number.isInteger(fromNth) || fromNth < 2 || fromNth > 1000) problems[`repeat.${steps}`] = words.problem.whole;
    else if (fromNth <= before) problems[`repeat.${steps}`] = words.problem.rising;
  });
  return problems;
}

/** What is wrong with the numbers of one type, by field. */
export function typeProblems(type: TypeRules, thresholds: readonly PolicyThreshold[]): Problems {
  const checks: [string, string | null][] = [
    ...(['dwell_ms', 'end_after_ms', 'merge_gap_ms'] as const).map((key): [string, string | null] => [key, outside(type[key], 0, LONGEST_MS, 'milliseconds')]),
    ...SEVERITIES.map((severity): [string, string | null] => [`points.${severity}`, outside(type.points[severity], 0, MOST_POINTS, 'points')]),
    ['most_points', outside(type.most_points, 0, MOST_POINTS, 'points')],
    ...thresholds.map((limit): [string, string | null] => [limit.name, outside(type.thresholds[limit.name] ?? NaN, limit.least, limit.most, limit.unit)]),
  ];
  const found = checks.flatMap(([field, problem]) => (problem ? [[field, problem] as const] : []));
  return { ...Object.fromEntries(found), ...stepProblems(type) };
}

/** What is wrong with a number that holds for all types, if anything. */
export function generalProblem(rules: PolicyRules, { name, least, most, unit }: PolicyNumber): string | null {
  const value = generalOf(rules, name);
  const whole = unit === 'count' && Number.isFinite(value) && !Number.isInteger(value) ? words.problem.integer : null;
  return outside(value, least, most, unit) ?? whole;
}

export const thresholdsOf = (presets: PolicyPresets, eventType: string): PolicyThreshold[] =>
  presets.thresholds.filter((limit) => limit.event_type === eventType);

/** How many numbers of the rules are wrong. */
export const problemCount = (rules: PolicyRules, presets: PolicyPresets): number =>
  Object.entries(rules.types).reduce(
    (sum, [type, of]) => sum + Object.keys(typeProblems(of, thresholdsOf(presets, type))).length,
    presets.general.filter((number) => generalProblem(rules, number) !== null).length,
  );
