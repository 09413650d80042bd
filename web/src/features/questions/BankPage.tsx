import { ActionIcon, Anchor, Button, Group, Paper, Text } from '@mantine/core';
import { IconArrowLeft, IconGripVertical, IconPlus, IconX, IconZoomQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { useBank, useChangeBank } from '../../api/queries/questions';
import type { Bank, BankQuestion } from '../../api/types';
import { text } from '../../text';
import { questions as words } from '../../text/questions';
import { ErrorState, Loading, Message } from '../../ui/States';
import { AddQuestions } from '../../ui/collection/AddQuestions';
import { Collection } from './Collection';
import { Facts } from '../../ui/collection/Facts';
import { NameDialog } from './NameDialog';
import classes from './questions.module.css';
import { Refusal } from './Refusal';
import { useReorder } from '../../ui/useReorder';

interface OrderProps {
  items: readonly BankQuestion[];
  onChange: (items: BankQuestion[]) => void;
}

function Order({ items, onChange }: OrderProps) {
  const [said, setSaid] = useState('');
  const { dragged, handle } = useReorder(items, (next) => {
    const place = next.findIndex((item, index) => item.id !== items[index]?.id);
    if (place !== -1) setSaid(words.bankMoved(place + 1, next.length));
    onChange(next);
  });
  return (
    <>
      <Text size="sm" c="dimmed">
        {words.bankLead}
      </Text>
      <Paper withBorder radius="lg" component="ol" className={classes.list} data-testid="bank-order">
        {items.map((question, place) => (
          <li
            key={question.id}
            className={dragged === question.id ? `${classes.row} ${classes.dragged}` : classes.row}
            data-place={place}
            data-testid="bank-question"
            data-question-id={question.id}
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={classes.handle}
              aria-label={words.bankMove(place + 1, items.length)}
              data-testid="bank-handle"
              {...handle(question, place)}
            >
              <IconGripVertical size={18} />
            </ActionIcon>
            <Text size="sm" c="dimmed" className={classes.place}>
              {place + 1}
            </Text>
            <div className={classes.text}>
              <Text>
                {question.text} {question.archived_at !== null && <i>({words.bankArchived})</i>}
              </Text>
              <Facts question={question} />
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={words.bankTake(place + 1)}
              onClick={() => onChange(items.filter((item) => item.id !== question.id))}
            >
              <IconX size={18} />
            </ActionIcon>
          </li>
        ))}
      </Paper>
      <span className={classes.hidden} role="status">
        {said}
      </span>
    </>
  );
}

function Editor({ bank }: { bank: Bank }) {
  // Null while nothing was touched, so that what the server says later shows.
  const [draft, setDraft] = useState<BankQuestion[] | null>(null);
  const [open, setOpen] = useState<'add' | 'rename' | null>(null);
  const change = useChangeBank();
  const items = draft ?? bank.questions;
  const changed = draft !== null && draft.map(({ id }) => id).join() !== bank.questions.map(({ id }) => id).join();
  const save = () =>
    change.mutate({ of: bank, body: { question_ids: items.map(({ id }) => id) } }, { onSuccess: () => setDraft(null) });
  const discard = () => {
    setDraft(null);
    change.reset();
  };
  const add = (more: BankQuestion[]) => {
    setDraft([...items, ...more]);
    setOpen(null);
  };
  const adding = (
    <Button variant="default" leftSection={<IconPlus size={18} />} onClick={() => setOpen('add')} data-testid="bank-add">
      {words.bankAdd}
    </Button>
  );

  return (
    <Collection
      title={bank.name}
      lead={words.questions(items.length)}
      actions={
        <Button variant="default" onClick={() => setOpen('rename')}>
          {words.rename}
        </Button>
      }
    >
      <Anchor component={Link} to="/questions/banks" size="sm">
        <Group gap={4} component="span">
          <IconArrowLeft size={16} aria-hidden />
          {words.bankBack}
        </Group>
      </Anchor>
      {items.length === 0 ? (
        <Message title={words.bankEmptyTitle} hint={words.bankEmptyHint} icon={<IconZoomQuestion size={28} />} color="viva">
          {adding}
        </Message>
      ) : (
        <>
          <Order items={items} onChange={setDraft} />
          <Group>{adding}</Group>
        </>
      )}
      <Refusal error={change.error} />
      <Group gap="sm">
        <Button onClick={save} disabled={!changed} loading={change.isPending && open === null} data-testid="bank-save">
          {text.common.save}
        </Button>
        {changed && (
          <Button variant="subtle" color="gray" onClick={discard}>
            {words.discard}
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status" data-testid="bank-status">
          {changed ? words.unsaved : change.isSuccess ? words.saved : ''}
        </Text>
      </Group>
      {open === 'add' && <AddQuestions present={items} onAdd={add} onClose={() => setOpen(null)} />}
      {open === 'rename' && (
        <NameDialog
          title={words.rename}
          name={bank.name}
          busy={change.isPending}
          error={change.error}
          onSave={(name) => change.mutate({ of: bank, body: { name } }, { onSuccess: () => setOpen(null) })}
          onClose={() => setOpen(null)}
        />
      )}
    </Collection>
  );
}

/** One bank: its questions in their order. */
export default function BankPage() {
  const { bankId = '' } = useParams();
  const bank = useBank(bankId);
  if (bank.data) return <Editor key={bank.data.id} bank={bank.data} />;
  return (
    <Collection title={words.banksTitle}>
      {bank.isError ? <ErrorState error={bank.error} onRetry={() => void bank.refetch()} /> : <Loading />}
    </Collection>
  );
}
