import { Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { PolicyPresets, PolicyRules, TypeRules } from '../../api/types';
import { text } from '../../text';
import { policy as words } from '../../text/policy';
import { GeneralNumbers } from './GeneralNumbers';
import classes from './policy.module.css';
import { readable, thresholdsOf, typeProblems, typesByLane, withType } from './policyForm';
import { TypeNumbers } from './TypeNumbers';

interface Props {
  rules: PolicyRules;
  presets: PolicyPresets;
  onChange: (rules: PolicyRules) => void;
}

function summaryOf(type: TypeRules): string {
  if (!type.enabled) return words.off;
  const most = readable(type.most_points, 'points');
  return type.dwell_ms === 0 ? words.summaryAtOnce(most) : words.summary(readable(type.dwell_ms, 'milliseconds'), most);
}

function TypeRow({ eventType, rules, presets, onChange }: Props & { eventType: string }) {
  const [open, setOpen] = useState(false);
  const type = rules.types[eventType];
  if (!type) return null;
  const thresholds = thresholdsOf(presets, eventType);
  const wrong = Object.keys(typeProblems(type, thresholds)).length;
  const change = (part: Partial<TypeRules>) => onChange(withType(rules, eventType, part, presets));
  const label = text.events.label(eventType);
  return (
    <div className={classes.type} data-testid="policy-type" data-event-type={eventType} data-enabled={type.enabled}>
      <Switch
        className={classes.switch}
        aria-label={words.enabled(label)}
        checked={type.enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={classes.summary}>
          <Text span size="sm" fw={600}>
            {label}
          </Text>
          <Text span size="xs" c={wrong > 0 ? 'var(--viva-danger)' : 'dimmed'}>
            {wrong > 0 ? words.problems(wrong) : summaryOf(type)}
          </Text>
        </summary>
        {open && <TypeNumbers type={type} thresholds={thresholds} onChange={change} />}
      </details>
    </div>
  );
}

/** The numbers of a policy, one kind of incident after the other. */
export function PolicyNumbers(props: Props) {
  return (
    <Stack gap="md" component="section" aria-label={words.numbers}>
      <div>
        <Title order={2}>{words.numbers}</Title>
        <Text size="sm" c="dimmed">
          {words.numbersHint}
        </Text>
      </div>
      {typesByLane(props.rules).map(([lane, types]) => (
        <Stack key={lane} gap={4}>
          <Title order={3} size="sm">
            {text.events.lanes[lane]}
          </Title>
          <div className={classes.types}>
            {types.map((eventType) => (
              <TypeRow key={eventType} {...props} eventType={eventType} />
            ))}
          </div>
        </Stack>
      ))}
      <GeneralNumbers {...props} />
    </Stack>
  );
}
