import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy, IconUserCheck } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { ListLine } from '../../api/types';
import { interviews as words } from '../../text/interviews';
import classes from './interviews.module.css';

const FIRST = 12;
const SIGNS: Record<ListLine['verdict'], ReactNode> = {
  fine: <IconCheck size={16} />,
  duplicate: <IconCopy size={16} />,
  already_invited: <IconUserCheck size={16} />,
  wrong: <IconAlertTriangle size={16} />,
};

function Line({ line }: { line: ListLine }) {
  return (
    <li className={classes.line} data-verdict={line.verdict} data-testid="list-line">
      <span className={classes.sign}>{SIGNS[line.verdict]}</span>
      <span className={classes.who}>
        <Text size="sm" truncate title={line.written}>
          {line.email ? (line.name ? `${line.name} <${line.email}>` : line.email) : line.written}
        </Text>
        <Text size="xs" c="dimmed">
          {words.line(line.line)} · {words.verdict[line.verdict]}
          {line.verdict === 'wrong' && line.reason && `: ${line.reason}`}
        </Text>
      </span>
    </li>
  );
}

/** Each person of a pasted list, marked before anything is sent: what needs a look comes first. */
export function ListPreview({ lines, fine }: { lines: readonly ListLine[]; fine: number }) {
  const odd = lines.filter((line) => line.verdict !== 'fine');
  const all = [...odd, ...lines.filter((line) => line.verdict === 'fine')];
  const [whole, setWhole] = useState(false);
  return (
    <Stack gap="xs">
      <Alert variant="light" color={odd.length > 0 ? 'yellow' : 'viva'} role="status" p="xs">
        {words.counts(fine, odd.length)}
      </Alert>
      <ul className={classes.lines} aria-label={words.preview}>
        {all.slice(0, whole ? undefined : FIRST).map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </ul>
      {!whole && all.length > FIRST && (
        <Button variant="subtle" size="xs" onClick={() => setWhole(true)}>
          {words.showAll(all.length)}
        </Button>
      )}
    </Stack>
  );
}
