import { NumberInput } from '@mantine/core';
import { policy as policyText } from '../../text/policy';
import { display, readable, shown, stored } from './policyForm';

interface Props {
  label: string;
  /** The name is read out and not shown: it stands beside the field. */
  labelHidden?: boolean;
  /** As it is stored; null for never. */
  value: number | null;
  unit: string;
  least?: number;
  most?: number;
  /** Whether the range is written below the name. */
  ranged?: boolean;
  problem?: string | undefined;
  /** What an empty field means; without it a number is missing. */
  empty?: string;
  testId?: string;
  onChange: (value: number | null) => void;
}

/** One number of a policy in the unit people use; empty is null where that means something, else NaN. */
export function NumberField({ label, labelHidden = false, value, unit, least = 0, most = Infinity, ranged = false, problem, empty, testId, onChange }: Props) {
  const { suffix, decimals, factor } = display(unit);
  return (
    <NumberInput
      {...(labelHidden ? { 'aria-label': label } : { label })}
      size="sm"
      {...(ranged && { description: policyText.range(readable(least, unit), readable(most, unit)) })}
      value={value === null || Number.isNaN(value) ? '' : shown(value, unit)}
      min={least * factor}
      {...(Number.isFinite(most) && { max: most * factor })}
      step={decimals === 2 ? 0.05 : 1}
      decimalScale={decimals}
      suffix={suffix}
      allowNegative={least < 0}
      // What is out of range stays there to be seen, with a word about it.
      clampBehavior="none"
      placeholder={empty}
      error={problem}
      data-testid={testId}
      onChange={(next) => {
        const number = typeof next === 'number' ? next : Number.parseFloat(next);
        if (Number.isNaN(number)) onChange(empty === undefined ? NaN : null);
        else onChange(stored(number, unit));
      }}
    />
  );
}
