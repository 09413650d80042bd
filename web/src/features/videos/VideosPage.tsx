import { Badge, Button, Center, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconVideo } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useVideos } from '../../api/queries/videos';
import type { Video } from '../../api/types';
import { formatClock } from '../../core/time/clock';
import { dayBegins, dayEnds } from '../../core/time/day';
import { videos as words } from '../../text/videos';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { RowTable, Second, type Column } from '../../ui/RowTable';
import { ErrorState, Loading, Message } from '../../ui/States';

type Row = NonNullable<ReturnType<typeof useVideos>['data']>['pages'][number]['items'][number];

const COLOR: Record<Row['status'], string> = { recording: 'red', finalising: 'yellow', ready: 'viva', recovered: 'yellow', failed: 'red' };
const STATES = [{ value: '', label: words.any }, ...Object.entries(words.states).map(([value, label]) => ({ value, label }))];

const { candidate, interview, recorded, length, size, status, action } = words.columns;
const COLUMNS: readonly Column[] = [
  { name: candidate },
  { name: interview },
  { name: recorded },
  { name: length, number: true },
  { name: size, number: true },
  { name: status },
  { name: action, unseen: true },
];

function VideoLine({ row }: { row: Row }) {
  return (
    <tr data-testid="video-row">
      <td>
        {row.candidate_name}
        <Second>{row.candidate_email}</Second>
      </td>
      <td>
        {row.interview_title}
        {row.source === 'screen' && <Second>{words.screen}</Second>}
      </td>
      <td data-whole>
        <Moment iso={row.started_at} size="xs" />
      </td>
      <td data-number data-label={length}>
        {row.duration_ms === null ? '–' : formatClock(row.duration_ms)}
      </td>
      <td data-number data-label={size}>
        {row.bytes === null ? '–' : words.size(row.bytes)}
      </td>
      <td>
        <Badge variant="light" tt="none" miw="max-content" color={COLOR[row.status]} title={row.error ?? undefined}>
          {words.states[row.status]}
        </Badge>
      </td>
      <td>
        <Button component={Link} to={`/sessions/${row.session_id}/review`} variant="default">
          {words.open}
        </Button>
      </td>
    </tr>
  );
}

/** Every recording of the organisation, found by candidate and day. */
export default function VideosPage() {
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search.trim(), 250);
  const [state, setState] = useState<Video['status'] | ''>('');
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const videos = useVideos({ q, status: state || null, since: dayBegins(since), until: dayEnds(until) });
  const rows = videos.data?.pages.flatMap((page) => page.items) ?? [];
  const toSessions = (
    <Button component={Link} to="/sessions" variant="default">
      {words.sessions}
    </Button>
  );
  return (
    <Page title={words.title} lead={words.lead} width="full" actions={toSessions}>
      <Group gap="xs" align="flex-end" role="search">
        <TextInput
          flex="1 1 200px"
          maw={360}
          label={words.search}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={search}
          maxLength={200}
          onChange={(event) => setSearch(event.currentTarget.value)}
          data-testid="video-search"
        />
        <NativeSelect label={words.status} data={STATES} value={state} onChange={(event) => setState(event.currentTarget.value as Video['status'] | '')} />
        <TextInput label={words.since} type="date" value={since} onChange={(event) => setSince(event.currentTarget.value)} />
        <TextInput label={words.until} type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      </Group>
      {videos.isPending && <Loading />}
      {videos.isError && rows.length === 0 && <ErrorState error={videos.error} onRetry={() => void videos.refetch()} />}
      {videos.isSuccess && rows.length === 0 && <Message title={words.nothing} hint={words.nothingHint} icon={<IconVideo size={28} />} />}
      {rows.length > 0 && (
        <RowTable columns={COLUMNS}>
          {rows.map((row) => (
            <VideoLine key={row.id} row={row} />
          ))}
        </RowTable>
      )}
      {videos.hasNextPage && (
        <Center>
          <Button variant="default" loading={videos.isFetchingNextPage} onClick={() => void videos.fetchNextPage()}>
            {words.more}
          </Button>
        </Center>
      )}
    </Page>
  );
}
