import { ActionIcon, Anchor, Button, Paper, Text } from '@mantine/core';
import { IconFolders, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useBanks, useCreateBank, useRemoveBank } from '../../api/queries/questions';
import type { BankRow } from '../../api/types';
import { questions as words } from '../../text/questions';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorState, Loading, Message } from '../../ui/States';
import { Collection } from './Collection';
import { NameDialog } from './NameDialog';
import classes from './questions.module.css';
import { Refusal } from './Refusal';

function Row({ bank }: { bank: BankRow }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveBank();
  return (
    <li className={classes.row} data-testid="bank-row">
      <div className={classes.text}>
        <Anchor component={Link} to={`/questions/banks/${bank.id}`} fw={600} c="var(--mantine-color-text)" aria-label={words.bankOpen(bank.name)}>
          {bank.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {words.questions(bank.question_count)}
        </Text>
        <Refusal error={remove.error} />
      </div>
      <div className={classes.actions}>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.remove(bank.name)} onClick={() => setAsking(true)}>
          <IconTrash size={18} />
        </ActionIcon>
      </div>
      <ConfirmDialog
        opened={asking}
        danger
        title={words.bankRemoveTitle(bank.name)}
        lead={words.bankRemoveLead}
        confirm={words.form.archive}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(bank, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      />
    </li>
  );
}

/** The question banks of the organisation. */
export default function BanksPage() {
  const banks = useBanks();
  const create = useCreateBank();
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const button = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setCreating(true)} data-testid="bank-create">
      {words.bankCreate}
    </Button>
  );
  return (
    <Collection title={words.banksTitle} lead={words.banksLead} actions={banks.data?.length ? button : null}>
      {banks.isPending && <Loading />}
      {banks.isError && <ErrorState error={banks.error} onRetry={() => void banks.refetch()} />}
      {banks.data?.length === 0 && (
        <Message title={words.banksEmptyTitle} hint={words.banksEmptyHint} icon={<IconFolders size={28} />} color="viva">
          {button}
        </Message>
      )}
      {banks.data && banks.data.length > 0 && (
        <Paper withBorder radius="lg" component="ul" className={classes.list}>
          {banks.data.map((bank) => (
            <Row key={bank.id} bank={bank} />
          ))}
        </Paper>
      )}
      {creating && (
        <NameDialog
          title={words.bankCreate}
          busy={create.isPending}
          error={create.error}
          onSave={(name) => create.mutate(name, { onSuccess: (bank) => void navigate(`/questions/banks/${bank.id}`) })}
          onClose={() => setCreating(false)}
        />
      )}
    </Collection>
  );
}
