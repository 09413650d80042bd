import { ActionIcon, Alert, Badge, Button, Group, Paper, Select, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconClock, IconMailOpened, IconMail, IconRefresh, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useMail, useMails, useRetryMail, type MailFilter } from '../../api/queries/mails';
import type { Mail } from '../../api/types';
import { mails as words } from '../../text/mails';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { ErrorState, Loading, Message } from '../../ui/States';
import classes from './mails.module.css';

const TYPING_MS = 300;
const SIGNS: Record<Mail['status'], { icon: ReactNode; color: string }> = {
  queued: { icon: <IconClock size={14} />, color: 'gray' },
  sent: { icon: <IconCheck size={14} />, color: 'viva' },
  failed: { icon: <IconAlertTriangle size={14} />, color: 'red' },
  cancelled: { icon: <IconX size={14} />, color: 'gray' },
};

interface FiltersProps {
  filter: MailFilter;
  change: (part: Partial<MailFilter>) => void;
}

function Filters({ filter, change }: FiltersProps) {
  const statuses = Object.entries(words.status).map(([value, label]) => ({ value, label }));
  return (
    <Group align="flex-end" gap="md">
      <TextInput flex={1} miw={200} label={words.search} value={filter.to} onChange={(event) => change({ to: event.currentTarget.value })} />
      <Select
        label={words.filter}
        placeholder={words.any}
        data={statuses}
        value={filter.status}
        onChange={(status) => change({ status: status as Mail['status'] | null })}
        clearable
      />
      <Switch mb={8} label={words.failedFirst} checked={filter.failedFirst} onChange={(event) => change({ failedFirst: event.currentTarget.checked })} />
    </Group>
  );
}

function History({ mail }: { mail: Mail }) {
  return (
    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      <Moment iso={mail.sent_at ?? mail.created_at} inherit />
      {mail.status !== 'sent' && ` · ${words.attempts(mail.attempts)}`}
      {mail.attempts > 0 && mail.next_attempt_at && (
        <>
          {' '}
          · {words.next} <Moment iso={mail.next_attempt_at} inherit />
        </>
      )}
    </Text>
  );
}

interface RowProps {
  mail: Mail;
  readable: boolean;
  busy: boolean;
  onOpen: () => void;
  onRetry: () => void;
}

function Row({ mail, readable, busy, onOpen, onRetry }: RowProps) {
  return (
    <li className={classes.row} data-testid="mail-row" data-status={mail.status}>
      <div className={classes.what}>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {mail.to}
        </Text>
        <Text size="sm">{mail.subject}</Text>
        {mail.last_error && (
          <Text size="sm" c={mail.status === 'failed' ? 'var(--viva-danger)' : 'dimmed'} style={{ overflowWrap: 'anywhere' }}>
            {mail.last_error}
          </Text>
        )}
        <History mail={mail} />
      </div>
      <Group gap="xs" wrap="nowrap">
        <Badge variant="light" tt="none" color={SIGNS[mail.status].color} leftSection={SIGNS[mail.status].icon}>
          {readable && mail.status === 'sent' ? words.kept : words.status[mail.status]}
        </Badge>
        {mail.status === 'failed' && (
          <ActionIcon variant="subtle" color="gray" disabled={busy} aria-label={words.retry(mail.to)} title={words.retry(mail.to)} onClick={onRetry}>
            <IconRefresh size={18} />
          </ActionIcon>
        )}
        {readable && mail.status !== 'cancelled' && (
          <ActionIcon variant="subtle" color="gray" aria-label={words.open(mail.to)} title={words.open(mail.to)} onClick={onOpen} data-testid="open-mail">
            <IconMailOpened size={18} />
          </ActionIcon>
        )}
      </Group>
    </li>
  );
}

/** The letter as its reader sees it, in a frame that may run nothing. Its links open in a tab of their own. */
function Letter({ mail, onClose }: { mail: Mail; onClose: () => void }) {
  const letter = useMail(mail.id);
  return (
    <Dialog title={words.letter(mail.to)} width={720} onClose={onClose}>
      {letter.isPending && <Loading />}
      <ErrorNote error={letter.error} />
      {letter.data?.html === null && <Text c="dimmed">{words.gone}</Text>}
      {letter.data?.html && (
        <iframe
          className={classes.letter}
          title={mail.subject}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          src={`/api/v1/mails/${mail.id}/letter`}
          data-testid="letter"
        />
      )}
    </Dialog>
  );
}

/** The organisation's mails: what was sent to whom, what failed and why. */
export default function MailsPage() {
  const [filter, setFilter] = useState<MailFilter>({ status: null, to: '', failedFirst: true });
  const [settled] = useDebouncedValue(filter, TYPING_MS);
  const [opened, setOpened] = useState<Mail | null>(null);
  const mails = useMails({ ...settled, to: settled.to.trim() });
  const retry = useRetryMail();
  const rows = mails.data?.pages.flatMap((page) => page.items) ?? [];
  const readable = mails.data?.pages[0]?.readable ?? false;
  return (
    <Page title={words.title} lead={words.lead}>
      {readable && <Alert variant="light">{words.folder}</Alert>}
      <Filters filter={filter} change={(part) => setFilter((old) => ({ ...old, ...part }))} />
      <ErrorNote error={retry.error} />
      {mails.isPending && <Loading />}
      {mails.isError && <ErrorState error={mails.error} onRetry={() => void mails.refetch()} />}
      {mails.data && rows.length === 0 && <Message title={words.emptyTitle} hint={words.emptyHint} icon={<IconMail size={28} />} />}
      {rows.length > 0 && (
        <Paper withBorder radius="lg">
          <ul className={classes.rows}>
            {rows.map((mail) => (
              <Row key={mail.id} mail={mail} readable={readable} busy={retry.isPending} onOpen={() => setOpened(mail)} onRetry={() => retry.mutate(mail.id)} />
            ))}
          </ul>
        </Paper>
      )}
      {mails.hasNextPage && (
        <Button variant="default" loading={mails.isFetchingNextPage} onClick={() => void mails.fetchNextPage()}>
          {words.more}
        </Button>
      )}
      {opened && <Letter mail={opened} onClose={() => setOpened(null)} />}
    </Page>
  );
}
