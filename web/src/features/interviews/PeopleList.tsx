import { Alert, Button, Center, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { peopleUrl, useInvitedPeople, useLivePeople, type PeopleFilter } from '../../api/queries/interviews';
import { useResend, useRevoke } from '../../api/queries/invites';
import type { Interview, InvitedPerson } from '../../api/types';
import { interviews as words } from '../../text/interviews';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Loading } from '../../ui/States';
import classes from './people.module.css';
import { PersonRow } from './PersonRow';

const TYPING_MS = 300;
interface ToolsProps {
  interviewId: string;
  filter: PeopleFilter;
  onChange: (filter: PeopleFilter) => void;
}

function Tools({ interviewId, filter, onChange }: ToolsProps) {
  const states = [{ value: '', label: words.any }, ...Object.entries(words.states).map(([value, label]) => ({ value, label }))];
  return (
    <Group gap="xs" align="flex-end" role="search">
      <TextInput flex="1 1 200px" maw={360} label={words.peopleSearch} maxLength={200} value={filter.q} onChange={(event) => onChange({ ...filter, q: event.currentTarget.value })} />
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
        <ul className={classes.rows}>
          {rows.map((person) => (
            <PersonRow
              key={person.invite_id}
              person={person}
              interview={interview}
              kept={kept}
              busy={resend.isPending || revoke.isPending}
              onResend={() => resend.mutate(person.invite_id)}
              onRevoke={() => setLeaving(person)}
            />
          ))}
        </ul>
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
