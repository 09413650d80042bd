import { ActionIcon, Button, Center, Group, Paper, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArchiveOff, IconDownload, IconPencil, IconPlus, IconSearch, IconTag, IconUpload, IconZoomQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { exportUrl, useChangeQuestion, useQuestions } from '../../api/queries/questions';
import type { BankQuestion } from '../../api/types';
import { questions as words } from '../../text/questions';
import { ErrorState, Loading, Message } from '../../ui/States';
import { Collection } from './Collection';
import { Facts } from '../../ui/collection/Facts';
import { ImportDialog } from './ImportDialog';
import { QuestionDrawer } from './QuestionDrawer';
import { NONE, QuestionFilters } from '../../ui/collection/QuestionFilters';
import classes from './questions.module.css';
import { Refusal } from './Refusal';
import { TagsDialog } from './TagsDialog';

function Row({ question, onEdit }: { question: BankQuestion; onEdit: () => void }) {
  const change = useChangeQuestion();
  return (
    <li className={classes.row} data-testid="question-row" data-question-id={question.id}>
      <div className={classes.text}>
        <Text>{question.text}</Text>
        <Facts question={question} />
        <Refusal error={change.error} />
      </div>
      <div className={classes.actions}>
        {question.archived_at !== null && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconArchiveOff size={16} />}
            loading={change.isPending}
            onClick={() => change.mutate({ of: question, body: { archived: false } })}
          >
            {words.restore}
          </Button>
        )}
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.edit(question.text)} onClick={onEdit} data-testid="question-edit">
          <IconPencil size={18} />
        </ActionIcon>
      </div>
    </li>
  );
}

type Open = 'create' | 'import' | 'tags' | BankQuestion | null;

/** The questions of the organisation: found, written, brought in and taken out. */
export default function QuestionsPage() {
  const [filter, setFilter] = useState(NONE);
  const [q] = useDebouncedValue(filter.q.trim(), 250);
  const asked = { ...filter, q };
  const questions = useQuestions(asked);
  const [open, setOpen] = useState<Open>(null);
  const rows = questions.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = JSON.stringify(asked) !== JSON.stringify(NONE);
  const close = () => setOpen(null);

  const create = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setOpen('create')} data-testid="question-create">
      {words.create}
    </Button>
  );
  const bring = (
    <Button variant="default" leftSection={<IconUpload size={18} />} onClick={() => setOpen('import')} data-testid="question-import">
      {words.import}
    </Button>
  );
  const empty = questions.isSuccess && rows.length === 0;
  return (
    <Collection title={words.title} lead={words.lead} actions={create}>
      <QuestionFilters filter={filter} onChange={setFilter} />
      <Group gap="xs">
        {bring}
        <Button variant="default" component="a" href={exportUrl(asked)} download leftSection={<IconDownload size={18} />} data-testid="question-export">
          {words.export}
        </Button>
        <Button variant="default" leftSection={<IconTag size={18} />} onClick={() => setOpen('tags')} data-testid="question-tags">
          {words.manageTags}
        </Button>
      </Group>
      {questions.isPending && <Loading />}
      {questions.isError && rows.length === 0 && <ErrorState error={questions.error} onRetry={() => void questions.refetch()} />}
      {empty && !filtered && <Message title={words.emptyTitle} hint={words.emptyHint} icon={<IconZoomQuestion size={28} />} color="viva" />}
      {empty && filtered && (
        <Message title={words.noMatchTitle} hint={words.noMatchHint} icon={<IconSearch size={28} />}>
          <Button variant="default" onClick={() => setFilter(NONE)}>
            {words.clear}
          </Button>
        </Message>
      )}
      {rows.length > 0 && (
        <Paper withBorder radius="lg" component="ul" className={classes.list}>
          {rows.map((question) => (
            <Row key={question.id} question={question} onEdit={() => setOpen(question)} />
          ))}
        </Paper>
      )}
      {questions.hasNextPage && (
        <Center>
          <Button variant="default" loading={questions.isFetchingNextPage} onClick={() => void questions.fetchNextPage()}>
            {words.more}
          </Button>
        </Center>
      )}
      {open === 'import' && <ImportDialog onClose={close} />}
      {open === 'tags' && <TagsDialog onClose={close} />}
      {open === 'create' && <QuestionDrawer question={null} onClose={close} />}
      {open !== null && typeof open === 'object' && <QuestionDrawer question={open} onClose={close} />}
    </Collection>
  );
}
