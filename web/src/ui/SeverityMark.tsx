import { Group, Text } from '@mantine/core';
import type { Severity } from '../api/types';
import { text } from '../text';

/** The shape of each severity in a 16 × 16 box: circle, diamond, triangle, octagon. */
const SHAPES: Record<Severity, string> = {
  low: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
  medium: 'M8 1.5L14.5 8L8 14.5L1.5 8z',
  high: 'M8 1.5L15 14H1z',
  critical: 'M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z',
};

export const severityColor = (severity: Severity): string => `var(--viva-${severity})`;

export function SeverityShape({ severity, size = 14 }: { severity: Severity; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" style={{ flexShrink: 0 }}>
      <path d={SHAPES[severity]} fill={severityColor(severity)} />
    </svg>
  );
}

/** Severity as colour, shape and word; the shape alone has the colour, so that the word can be read. */
export function SeverityMark({ severity, size = 'sm' }: { severity: Severity; size?: 'xs' | 'sm' }) {
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
      <SeverityShape severity={severity} size={size === 'xs' ? 12 : 14} />
      <Text span size={size} fw={500}>
        {text.common.severity[severity]}
      </Text>
    </Group>
  );
}
