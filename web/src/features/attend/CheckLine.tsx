import { VisuallyHidden } from '@mantine/core';
import { IconBulb, IconCheck, IconCircleDashed } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { text } from '../../text';
import type { Line, LineState } from './checkLines';
import classes from './check.module.css';

const SIGNS: Record<LineState, ReactNode> = {
  ok: <IconCheck size={14} stroke={2.4} aria-hidden />,
  bad: <IconBulb size={20} stroke={1.6} aria-hidden />,
  waiting: <IconCircleDashed size={20} stroke={1.6} aria-hidden />,
};

export function Sign({ state }: { state: LineState }) {
  return (
    <span className={classes.sign} data-state={state}>
      {SIGNS[state]}
    </span>
  );
}

/** One line of the device check: done, or still to come; what to do about it stands above. */
export function CheckLine({ name, line }: { name: 'camera' | 'microphone' | 'server'; line: Line }) {
  return (
    <li className={classes.line} data-testid={`check-${name}`} data-state={line.state}>
      <Sign state={line.state} />
      <b>
        {text.attend.check[name]}
        <VisuallyHidden> {text.attend.check.state[line.state]}</VisuallyHidden>
      </b>
      <span className={classes.what} role="status">
        {line.words}
      </span>
    </li>
  );
}
