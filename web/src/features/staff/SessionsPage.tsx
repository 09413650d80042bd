import { Button, Center, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMe } from '../../api/queries/auth';
import { useSessions } from '../../api/queries/staff';
import type { SessionRow } from '../../api/types';
import { dayBegins, dayEnds } from '../../core/time/day';
import { text } from '../../text';
import { staff as words } from '../../text/staff';
import { Page } from '../../ui/Page';
import { manages } from '../../ui/roles';
import { ErrorState, Loading, Message } from '../../ui/States';
import { SessionTable } from './SessionTable';
import classes from './staff.module.css';

interface Filter {
  status: SessionRow['status'] | '';
  kind: SessionRow['kind'] | '';
  q: string;
  incidents: 'unreviewed' | '';
  since: string;
  until: string;
}

const NONE: Filter = { status: '', kind: '', q: '', incidents: '', since: '', until: '' };

const options = (labels: Record<string, string>) => [
  { value: '', label: words.any },
  ...Object.entries(labels).map(([value, label]) => ({ value, label })),
];

/** Every sitting of the organisation. */
export default function SessionsPage() {
  const [filter, setFilter] = useState(NONE);
  const [q] = useDebouncedValue(filter.q.trim(), 250);
  const sessions = useSessions({ status: filter.status || null, kind: filter.kind || null, q, unreviewed: filter.incidents === 'unreviewed', since: dayBegins(filter.since), until: dayEnds(filter.until) });
  const rows = sessions.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.values(filter).some((value) => value !== '');
  const { data: me } = useMe();
  const toVideos = (
    <Button component={Link} to="/videos" variant="default">
      {words.videos}
    </Button>
  );

  return (
    <Page title={words.sessionsTitle} lead={words.sessionsLead} width="full" actions={me && manages(me) ? toVideos : null}>
      <div className={classes.bar} role="search">
        <TextInput
          flex="1 1 200px" maw={360}
          label={words.search}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={filter.q}
          onChange={(event) => setFilter({ ...filter, q: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.status}
          data={options(text.common.sessionStatus)}
          value={filter.status}
          onChange={(event) => setFilter({ ...filter, status: event.currentTarget.value as Filter['status'] })}
        />
        <NativeSelect
          label={words.kind}
          data={options(text.common.kind)}
          value={filter.kind}
          onChange={(event) => setFilter({ ...filter, kind: event.currentTarget.value as Filter['kind'] })}
        />
        <NativeSelect
          label={words.columns.incidents}
          data={options(words.incidentFilter)}
          value={filter.incidents}
          onChange={(event) => setFilter({ ...filter, incidents: event.currentTarget.value as Filter['incidents'] })}
        />
        <TextInput label={words.since} type="date" value={filter.since} onChange={(event) => setFilter({ ...filter, since: event.currentTarget.value })} />
        <TextInput label={words.until} type="date" value={filter.until} onChange={(event) => setFilter({ ...filter, until: event.currentTarget.value })} />
      </div>
      {sessions.isPending && <Loading />}
      {sessions.isError && rows.length === 0 && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isSuccess && rows.length === 0 && !filtered && (
        <Message title={words.emptyTitle} hint={words.emptyHint} icon={<IconUsers size={28} />} color="viva" />
      )}
      {sessions.isSuccess && rows.length === 0 && filtered && (
        <Message title={words.noMatchTitle} hint={words.noMatchHint} icon={<IconSearch size={28} />}>
          <Button variant="default" onClick={() => setFilter(NONE)}>
            {words.clear}
          </Button>
        </Message>
      )}
      {rows.length > 0 && <SessionTable rows={rows} />}
      {sessions.hasNextPage && (
        <Center>
          <Button variant="default" loading={sessions.isFetchingNextPage} onClick={() => void sessions.fetchNextPage()}>
            {words.more}
          </Button>
        </Center>
      )}
    </Page>
  );
}
