import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PolicyThreshold, Severity, TypeRules } from '../../api/types';
import { text } from '../../text';
import { measures as measuresText } from '../../text/measures';
import { policy as words } from '../../text/policy';
import { NumberField } from './NumberField';
import classes from './policy.module.css';
import { beginAs, reachAt, repeatAt, repeatFrom, SEVERITIES, severityStarts, typeProblems } from './policyForm';

const LONGEST_MS = 3_600_000;
const TIMES = [
  ['dwell_ms', words.dwell],
  ['end_after_ms', words.endAfter],
  ['merge_gap_ms', words.mergeGap],
] as const;

interface Props {
  type: TypeRules;
  thresholds: readonly PolicyThreshold[];
  onChange: (change: Partial<TypeRules>) => void;
}

type FieldsProps = Props & { problems: Record<string, string> };

function Group({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className={classes.group}>
      <legend>{legend}</legend>
      <div className={classes.row} data-top>
        {children}
      </div>
    </fieldset>
  );
}

function Severities({ type, problems, onChange }: FieldsProps) {
  const starts = severityStarts(type);
  const first = type.severities[0]?.[1] ?? 'low';
  return (
    <Group legend={words.severities}>
      <NativeSelect
        label={words.beginsAs}
        value={first}
        data={SEVERITIES.map((value) => ({ value, label: text.common.severity[value] }))}
        onChange={(event) => onChange({ severities: beginAs(type, event.currentTarget.value as Severity) })}
      />
      {SEVERITIES.slice(SEVERITIES.indexOf(first) + 1).map((severity) => (
        <NumberField
          key={severity}
          label={words.from(text.common.severity[severity])}
          value={starts[severity]}
          unit="milliseconds"
          most={LONGEST_MS}
          empty={words.never}
          problem={problems[`severity.${severity}`]}
          onChange={(fromMs) => onChange({ severities: reachAt(type, severity, fromMs) })}
        />
      ))}
    </Group>
  );
}

function Repeats({ type, problems, onChange }: FieldsProps) {
  return (
    <Group legend={words.repeats}>
      {[words.repeatOnce, words.repeatTwice].map((label, index) => (
        <NumberField
          key={label}
          label={label}
          value={repeatFrom(type, index + 1)}
          unit="times"
          least={2}
          most={1000}
          empty={words.never}
          problem={problems[`repeat.${index + 1}`]}
          onChange={(nth) => onChange({ repeats: repeatAt(type, index + 1, nth) })}
        />
      ))}
    </Group>
  );
}

function Points({ type, problems, onChange }: FieldsProps) {
  return (
    <Group legend={words.points}>
      {SEVERITIES.map((severity) => (
        <NumberField
          key={severity}
          label={words.pointsFor(text.common.severity[severity])}
          value={type.points[severity]}
          unit="points"
          most={100}
          problem={problems[`points.${severity}`]}
          onChange={(points) => onChange({ points: { ...type.points, [severity]: points } })}
        />
      ))}
      <NumberField
        label={words.mostPoints}
        value={type.most_points}
        unit="points"
        most={100}
        problem={problems.most_points}
        onChange={(most) => onChange({ most_points: most ?? NaN })}
      />
    </Group>
  );
}

function Thresholds({ type, thresholds, problems, onChange }: FieldsProps) {
  if (thresholds.length === 0) return null;
  return (
    <Group legend={words.thresholds}>
      {thresholds.map((limit) => (
        <NumberField
          key={limit.name}
          label={measuresText.limit(limit.name)}
          value={type.thresholds[limit.name] ?? NaN}
          unit={limit.unit}
          least={limit.least}
          most={limit.most}
          ranged
          problem={problems[limit.name]}
          testId={`threshold-${limit.name}`}
          onChange={(value) => onChange({ thresholds: { ...type.thresholds, [limit.name]: value ?? NaN } })}
        />
      ))}
    </Group>
  );
}

/** Every number of one kind of incident. */
export function TypeNumbers(props: Props) {
  const { type, thresholds, onChange } = props;
  const fields = { ...props, problems: typeProblems(type, thresholds) };
  return (
    <div className={classes.fields}>
      <Group legend={words.times}>
        {TIMES.map(([key, label]) => (
          <NumberField
            key={key}
            label={label}
            value={type[key]}
            unit="milliseconds"
            most={LONGEST_MS}
            problem={fields.problems[key]}
            testId={key}
            onChange={(value) => onChange({ [key]: value ?? NaN })}
          />
        ))}
      </Group>
      <Severities {...fields} />
      <Repeats {...fields} />
      <Points {...fields} />
      <Thresholds {...fields} />
    </div>
  );
}
