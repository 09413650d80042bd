import { ActionIcon, Alert, Badge, Button, Center, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconChecks, IconCircleDot, IconClock, IconDoorEnter, IconDownload, IconMail, IconMailOpened, IconRefresh, IconTrash, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { peopleUrl, useInvitedPeople, useLivePeople, type PeopleFilter } from '../../api/queries/interviews';
import { useResend, useRevoke } from '../../api/queries/invites';
import type { Interview, InvitedPerson } from '../../api/types';
import { interviews as words } from '../../text/interviews';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Loading } from '../../ui/States';
import classes from './interviews.module.css';

const TYPING_MS = 300;
type State = InvitedPerson['state'];
const SIGNS: Record<State, { icon: ReactNode; color: string }> = {
  invited: { icon: <IconMail size={14} />, color: 'gray' },
  undelivered: { icon: <IconAlertTriangle size={14} />, color: 'red' },
  opened: { icon: <IconMailOpened size={14} />, color: 'blue' },
  joined: { icon: <IconDoorEnter size={14} />, color: 'blue' },
  in_progress: { icon: <IconCircleDot size={14} />, color: 'yellow' },
  done: { icon: <IconCheck size={14} />, color: 'viva' },
  reviewed: { icon: <IconChecks size={14} />, color: 'viva' },
  expired: { icon: <IconClock size={14} />, color: 'gray' },
  revoked: { icon: <IconX size={14} />, color: 'gray' },
  withdrawn: { icon: <IconX size={14} />, color: 'gray' },
  cancelled: { icon: <IconX size={14} />, color: 'gray' },
};
/** These can be sent again and withdrawn. */
const OPEN: ReadonlySet<State> = new Set<State>(['invited', 'undelivered', 'opened', 'expired']);

function Mail({ person, kept }: { person: InvitedPerson; kept: boolean }) {
  const { delivery, delivery_error: why } = person;
  const said = delivery === 'sent' && kept ? words.kept : words.delivery[delivery];
  return (
    <span data-delivery={delivery}>
      {said}
      {delivery === 'failed' && why && `: ${why}`}
      {delivery === 'queued' && why && ` · ${words.retried(why)}`}
    </span>
  );
}

/** The newest thing that happened, and for those who have not come yet what became of their mail. */
function Latest({ person, kept, questions }: { person: InvitedPerson; kept: boolean; questions: number }) {
  const [name, at] = person.ended_at
    ? [words.at.ended, person.ended_at]
    : person.started_at
      ? [words.at.started, person.started_at]
      : person.joined_at
        ? [words.at.joined, person.joined_at]
        : person.opened_at
          ? [words.at.opened, person.opened_at]
          : [words.at.invited, person.invited_at];
  const failed = person.state === 'undelivered';
  return (
    <Text size="xs" c={failed ? 'var(--viva-danger)' : 'dimmed'} style={{ overflowWrap: 'anywhere' }}>
      {name} <Moment iso={at} inherit />
      {OPEN.has(person.state) && (
        <>
          {' · '}
          <Mail person={person} kept={kept} />
          {person.state !== 'expired' && (
            <>
              {` · ${words.validUntil} `}
              <Moment iso={person.expires_at} inherit />
            </>
          )}
        </>
      )}
      {person.started_at && person.answered > 0 && ` · ${words.answered(person.answered, questions)}`}
    </Text>
  );
}

interface RowProps {
  person: InvitedPerson;
  interview: Interview;
  kept: boolean;
  busy: boolean;
  onResend: () => void;
  onRevoke: () => void;
}

function Row({ person, interview, kept, busy, onResend, onRevoke }: RowProps) {
  const sign = SIGNS[person.state];
  const live = interview.kind !== 'one_way' && person.session_id !== null && person.ended_at === null;
  return (
    <li className={classes.invite} data-testid="person-row" data-email={person.email} data-state={person.state}>
      <div className={classes.who}>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {person.name ?? person.email}
        </Text>
        {person.name && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {person.email}
          </Text>
        )}
        <Latest person={person} kept={kept} questions={interview.questions.length} />
      </div>
      <Group gap="xs">
        {person.in_room && person.asking === null && (
          <Badge color="red" tt="none">
            {words.inRoom}
          </Badge>
        )}
        {person.asking !== null && (
          <Badge color="red" tt="none" data-testid="asking">
            {words.asking(person.asking)}
          </Badge>
        )}
        <Badge variant="light" color={sign.color} tt="none" leftSection={sign.icon} data-testid="person-state">
          {words.states[person.state]}
        </Badge>
        {OPEN.has(person.state) && interview.status === 'active' && (
          <ActionIcon variant="subtle" color="gray" disabled={busy} aria-label={words.resend(person.email)} title={words.resend(person.email)} onClick={onResend}>
            <IconRefresh size={18} />
          </ActionIcon>
        )}
        {OPEN.has(person.state) && (
          <ActionIcon variant="subtle" color="gray" disabled={busy} aria-label={words.revoke(person.email)} title={words.revoke(person.email)} onClick={onRevoke}>
            <IconTrash size={18} />
          </ActionIcon>
        )}
        {live && (
          <Button component={Link} to={`/sessions/${person.session_id ?? ''}/check`} size="xs">
            {words.join}
          </Button>
        )}
        {person.session_id && person.started_at && (
          <Button component={Link} to={`/sessions/${person.session_id}/review`} size="xs" variant="default">
            {words.review}
          </Button>
        )}
      </Group>
    </li>
  );
}

interface ToolsProps {
  interviewId: string;
  filter: PeopleFilter;
  onChange: (filter: PeopleFilter) => void;
}

function Tools({ interviewId, filter, onChange }: ToolsProps) {
  const states = [{ value: '', label: words.any }, ...Object.entries(words.states).map(([value, label]) => ({ value, label }))];
  return (
    <Group gap="md" align="flex-end" role="search">
      <TextInput flex="1 1 200px" label={words.peopleSearch} maxLength={200} value={filter.q} onChange={(event) => onChange({ ...filter, q: event.currentTarget.value })} />
      <NativeSelect
        label={words.state}
        data={states}
        value={filter.state ?? ''}
        onChange={(event) => onChange({ ...filter, state: (event.currentTarget.value || null) as PeopleFilter['state'] })}
      />
      <Button component="a" href={peopleUrl(interviewId, { ...filter, q: filter.q.trim() })} download variant="default" leftSection={<IconDownload size={18} />} data-testid="people-export">
        {words.export}
      </Button>
    </Group>
  );
}

/** Everybody invited, each in the state they are in, as it changes. */
export function PeopleList({ interview }: { interview: Interview }) {
  const [filter, setFilter] = useState<PeopleFilter>({ q: '', state: null });
  const [q] = useDebouncedValue(filter.q.trim(), TYPING_MS);
  const [leaving, setLeaving] = useState<InvitedPerson | null>(null);
  const people = useInvitedPeople(interview.id, { ...filter, q });
  const resend = useResend(interview.id);
  const revoke = useRevoke(interview.id);
  const connected = useLivePeople();
  const rows = people.data?.pages.flatMap((page) => page.items) ?? [];
  const kept = people.data?.pages[0]?.mails_kept ?? false;
  const narrowed = q !== '' || filter.state !== null;

  return (
    <Stack gap="sm" component="section" aria-label={words.people}>
      <Group justify="space-between">
        <Title order={2}>{words.people}</Title>
        <Text size="xs" c="dimmed" role="status">
          {connected ? words.live : words.notLive}
        </Text>
      </Group>
      {(rows.length > 0 || narrowed) && <Tools interviewId={interview.id} filter={filter} onChange={setFilter} />}
      <ErrorNote error={people.error ?? resend.error ?? revoke.error} />
      {resend.data?.code && (
        <Alert variant="light" role="status">
          {words.resent(resend.data.email, resend.data.code)}
        </Alert>
      )}
      {people.isPending && <Loading />}
      {people.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {narrowed ? words.nobodyFound : words.nobody}
        </Text>
      )}
      {rows.length > 0 && (
        <Paper withBorder radius="lg" component="ul" className={classes.list}>
          {rows.map((person) => (
            <Row
              key={person.invite_id}
              person={person}
              interview={interview}
              kept={kept}
              busy={resend.isPending || revoke.isPending}
              onResend={() => resend.mutate(person.invite_id)}
              onRevoke={() => setLeaving(person)}
            />
          ))}
        </Paper>
      )}
      {people.hasNextPage && (
        <Center>
          <Button variant="default" loading={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
            {words.more}
          </Button>
        </Center>
      )}
      <ConfirmDialog
        opened={leaving !== null}
        title={words.revokeTitle(leaving?.email ?? '')}
        lead={words.revokeLead}
        confirm={words.revokeConfirm}
        danger
        busy={revoke.isPending}
        testId="revoke-confirm"
        onConfirm={() => leaving && revoke.mutate(leaving.invite_id, { onSettled: () => setLeaving(null) })}
        onClose={() => setLeaving(null)}
      />
    </Stack>
  );
}
