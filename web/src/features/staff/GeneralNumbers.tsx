import { Button, Stack, Text, Title } from '@mantine/core';
import type { PolicyNumber, PolicyPresets, PolicyRules } from '../../api/types';
import { policy as policyText } from '../../text/policy';
import { NumberField } from './NumberField';
import classes from './policy.module.css';
import { generalOf, generalProblem, presetsSay, readable, rulesOf, withGeneral } from './policyForm';

const words = policyText.general;

interface Props {
  rules: PolicyRules;
  presets: PolicyPresets;
  onChange: (rules: PolicyRules) => void;
}

function saying(presets: PolicyPresets, { name, unit }: PolicyNumber): string {
  const said = presetsSay(presets, name);
  const [only] = said;
  if (only && said.length === 1) return words.all(readable(only.value, unit));
  return said.map(({ value, by }) => words.some(by.map((preset) => policyText.preset[preset]).join(', '), readable(value, unit))).join(' · ');
}

function Row({ number, rules, presets, onChange }: Props & { number: PolicyNumber }) {
  const { name, unit, least, most } = number;
  const known = words.numbers[name];
  const label = known?.name ?? name.replaceAll('_', ' ');
  const value = generalOf(rules, name);
  const standard = rulesOf(presets, 'standard');
  const usual = standard ? generalOf(standard, name) : value;
  const change = (next: number) => onChange(withGeneral(rules, name, next, presets));
  return (
    <div className={classes.general} data-testid="general-number" data-name={name}>
      <div>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        {known && (
          <Text size="sm" c="dimmed">
            {known.meaning}
          </Text>
        )}
        <Text size="xs" c="dimmed" mt={2}>
          {saying(presets, number)}
        </Text>
      </div>
      <div className={classes.generalField}>
        <NumberField
          label={label}
          labelHidden
          value={value}
          unit={unit}
          least={least}
          most={most}
          ranged
          problem={generalProblem(rules, number) ?? undefined}
          testId={`general-${name}`}
          onChange={(next) => change(next ?? NaN)}
        />
        {!Object.is(value, usual) && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={words.resetLabel(label, readable(usual, unit))}
            onClick={() => change(usual)}
            data-testid={`general-reset-${name}`}
          >
            {words.reset(readable(usual, unit))}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The numbers of a policy that belong to no single kind of incident. */
export function GeneralNumbers(props: Props) {
  return (
    <Stack gap={4} component="section" aria-label={words.title} data-testid="policy-general">
      <div>
        <Title order={3} size="sm">
          {words.title}
        </Title>
        <Text size="sm" c="dimmed">
          {words.hint}
        </Text>
      </div>
      <div className={classes.types}>
        {props.presets.general.map((number) => (
          <Row key={number.name} number={number} {...props} />
        ))}
      </div>
    </Stack>
  );
}
