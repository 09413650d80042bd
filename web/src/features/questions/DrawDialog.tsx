import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useDraw } from '../../api/queries/questions';
import type { DrawnInterview, Template } from '../../api/types';
import { text } from '../../text';
import { questions as words } from '../../text/questions';
import { Dialog } from '../../ui/Dialog';
import { ErrorState, Loading } from '../../ui/States';
import { Facts } from '../../ui/collection/Facts';
import classes from './questions.module.css';

function Drawn({ drawn }: { drawn: DrawnInterview }) {
  const { wanted } = drawn;
  return (
    <>
      <Text size="sm">{words.drawWanted(wanted.easy, wanted.medium, wanted.hard)}</Text>
      {(drawn.substitutions.length > 0 || drawn.missing > 0) && (
        <Alert color="yellow" variant="light" data-testid="draw-short">
          {drawn.substitutions.map(({ short, filled_from, count }) => (
            <Text key={`${short} ${filled_from}`} size="sm">
              {words.drawShort(count, words.difficulty[short].toLowerCase(), words.difficulty[filled_from].toLowerCase())}
            </Text>
          ))}
          {drawn.missing > 0 && <Text size="sm">{words.drawMissing(drawn.missing)}</Text>}
        </Alert>
      )}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by the arrows too */}
      <div className={classes.scroll} role="region" aria-label={words.drawnQuestions} tabIndex={0}>
        <ol className={classes.list}>
          {drawn.questions.map((question, index) => (
            <li key={question.question_id} className={classes.row} data-testid="drawn-question">
              <Text size="sm" c="dimmed" className={classes.place}>
                {index + 1}
              </Text>
              <div className={classes.text}>
                <Text size="sm">{question.text}</Text>
                <Facts question={question} />
              </div>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}

/** What an interview made of the template might ask. */
export function DrawDialog({ template, onClose }: { template: Template; onClose: () => void }) {
  const draw = useDraw(template.id);
  return (
    <Dialog title={words.drawTitle(template.name)} width={680} onClose={onClose}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {words.drawLead}
        </Text>
        {draw.isPending && <Loading />}
        {draw.isError && <ErrorState error={draw.error} onRetry={() => void draw.refetch()} />}
        {draw.data && <Drawn drawn={draw.data} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" leftSection={<IconRefresh size={18} />} loading={draw.isFetching} onClick={() => void draw.refetch()} data-testid="draw-again">
            {words.drawAgain}
          </Button>
          <Button onClick={onClose}>{text.common.close}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
