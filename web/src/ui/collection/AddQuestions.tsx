import { Button, Center, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuestions } from '../../api/queries/questions';
import type { BankQuestion } from '../../api/types';
import { text } from '../../text';
import { questions as words } from '../../text/questions';
import { Dialog } from '../Dialog';
import { ErrorState, Loading } from '../States';
import { NONE, QuestionFilters } from './QuestionFilters';
import classes from './collection.module.css';

interface Props {
  present: readonly { id: string }[];
  onAdd: (questions: BankQuestion[]) => void;
  onClose: () => void;
}

/** Chooses questions that are not in the bank yet. */
export function AddQuestions({ present, onAdd, onClose }: Props) {
  const [filter, setFilter] = useState(NONE);
  const [q] = useDebouncedValue(filter.q.trim(), 250);
  const questions = useQuestions({ ...filter, q });
  const [chosen, setChosen] = useState<readonly BankQuestion[]>([]);
  const there = new Set(present.map(({ id }) => id));
  const rows = questions.data?.pages.flatMap((page) => page.items).filter(({ id }) => !there.has(id)) ?? [];
  const toggle = (question: BankQuestion, on: boolean) => setChosen(on ? [...chosen, question] : chosen.filter(({ id }) => id !== question.id));

  return (
    <Dialog title={words.bankAddTitle} width={760} onClose={onClose}>
      <Stack gap="md">
        <QuestionFilters filter={filter} onChange={setFilter} />
        {questions.isPending && <Loading />}
        {questions.isError && <ErrorState error={questions.error} onRetry={() => void questions.refetch()} />}
        {questions.isSuccess && rows.length === 0 && !questions.hasNextPage && <Text c="dimmed">{words.bankAddNone}</Text>}
        <div className={rows.length > 0 ? classes.scroll : undefined}>
          {rows.map((question) => (
            <div key={question.id} className={classes.row}>
              <Checkbox
                label={question.text}
                checked={chosen.some(({ id }) => id === question.id)}
                onChange={(event) => toggle(question, event.currentTarget.checked)}
                data-testid="bank-choose"
                className={classes.text}
              />
              <Text size="xs" c="dimmed" miw="max-content">
                {words.difficulty[question.difficulty]}
              </Text>
            </div>
          ))}
          {questions.hasNextPage && (
            <Center p="sm">
              <Button variant="default" size="xs" loading={questions.isFetchingNextPage} onClick={() => void questions.fetchNextPage()}>
                {words.more}
              </Button>
            </Center>
          )}
        </div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button disabled={chosen.length === 0} onClick={() => onAdd([...chosen])} data-testid="bank-add-go">
            {words.bankAddGo(chosen.length)}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
