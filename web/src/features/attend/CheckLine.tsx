import { Group, Text, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangleFilled, IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { text } from '../../text';
import type { Line, LineState } from './checkLines';
import classes from './check.module.css';

const ICONS: Record<LineState, ReactNode> = {
  ok: <IconCircleCheckFilled size={22} color="var(--mantine-primary-color-filled)" aria-hidden />,
  bad: <IconAlertTriangleFilled size={22} color="var(--viva-medium)" aria-hidden />,
  waiting: <IconCircleDashed size={22} color="var(--mantine-color-dimmed)" aria-hidden />,
};

interface Props {
  name: 'camera' | 'microphone' | 'server';
  line: Line;
  children?: ReactNode;
}

/** One line of the device check: green, or what to do about it. */
export function CheckLine({ name, line, children }: Props) {
  return (
    <div className={classes.line} data-testid={`check-${name}`} data-state={line.state}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        {ICONS[line.state]}
        <div className={classes.grow} role="status">
          <Text fw={600} size="sm">
            {text.attend.check[name]}
            <VisuallyHidden> {text.attend.check.state[line.state]}</VisuallyHidden>
          </Text>
          <Text size="sm" c="dimmed">
            {line.words}
          </Text>
        </div>
      </Group>
      {children}
    </div>
  );
}
