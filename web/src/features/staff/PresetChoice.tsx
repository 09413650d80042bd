import { Paper, Radio, Stack, Text, Title } from '@mantine/core';
import type { PolicyPresets, PolicyRules, PresetName } from '../../api/types';
import { text } from '../../text';
import { policy as words } from '../../text/policy';
import classes from './policy.module.css';
import { rulesOf, typesByLane, watched } from './policyForm';

const CHOICES: readonly PresetName[] = ['off', 'gentle', 'standard', 'strict', 'custom'];

interface Props {
  rules: PolicyRules;
  presets: PolicyPresets;
  onChange: (rules: PolicyRules) => void;
}

function Choice({ name, rules }: { name: PresetName; rules: PolicyRules }) {
  const all = Object.keys(rules.types).length;
  return (
    <Radio
      className={classes.preset}
      value={name}
      label={
        <Text span fw={600}>
          {words.preset[name]}
        </Text>
      }
      description={
        <>
          {words.presetHint[name]}
          <br />
          {words.watchesCount(watched(rules).length, all)}.
        </>
      }
      data-testid={`preset-${name}`}
    />
  );
}

/** In plain words what a policy watches for, and what not. */
function Watched({ rules }: { rules: PolicyRules }) {
  const on = new Set(watched(rules));
  const not = Object.keys(rules.types).filter((type) => !on.has(type));
  const lanes = typesByLane(rules)
    .map(([lane, types]) => [lane, types.filter((type) => on.has(type))] as const)
    .filter(([, types]) => types.length > 0);
  return (
    <Paper withBorder radius="lg" p="lg" component="section" aria-label={words.watches} data-testid="policy-watched">
      <Stack gap="md">
        <Title order={2}>{words.watches}</Title>
        {lanes.length === 0 && <Text size="sm">{words.watchesNothing}</Text>}
        {lanes.length > 0 && (
          <dl className={classes.watched}>
            {lanes.map(([lane, types]) => (
              <div key={lane}>
                <dt>{text.events.lanes[lane]}</dt>
                {types.map((type) => (
                  <dd key={type}>{text.events.explained(type)}</dd>
                ))}
              </div>
            ))}
          </dl>
        )}
        {not.length > 0 && lanes.length > 0 && (
          <Text size="sm" c="dimmed">
            {words.watchesNot}: {not.map((type) => text.events.label(type)).join(', ')}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

/** How strictly: one of the presets or one's own numbers, and what that watches for. */
export function PresetChoice({ rules, presets, onChange }: Props) {
  const choose = (name: string) => {
    const preset = name as PresetName;
    onChange(rulesOf(presets, preset) ?? { ...rules, preset });
  };
  return (
    <>
      <Radio.Group label={words.choose} value={rules.preset} onChange={choose}>
        <div className={classes.presets}>
          {CHOICES.map((name) => (
            <Choice key={name} name={name} rules={rulesOf(presets, name) ?? rules} />
          ))}
        </div>
      </Radio.Group>
      <Watched rules={rules} />
    </>
  );
}
