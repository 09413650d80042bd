import { Badge, Button, Center, Group, NativeSelect, Paper, Table, Text, TextInput } from '@mantine/core';
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
import { ErrorState, Loading, Message } from '../../ui/States';

type Row = NonNullable<ReturnType<typeof useVideos>['data']>['pages'][number]['items'][number];

const COLOR: Record<Row['status'], string> = { recording: 'red', finalising: 'yellow', ready: 'viva', recovered: 'yellow', failed: 'red' };
const STATES = [{ value: '', label: words.any }, ...Object.entries(words.states).map(([value, label]) => ({ value, label }))];

function VideoLine({ row }: { row: Row }) {
  return (
    <Table.Tr data-testid="video-row">
      <Table.Td>
        <Text size="sm" fw={600}>
          {row.candidate_name}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {row.candidate_email}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{row.interview_title}</Text>
        {row.source === 'screen' && (
          <Text size="xs" c="dimmed">
            {words.screen}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Moment iso={row.started_at} size="sm" />
      </Table.Td>
      <Table.Td>{row.duration_ms === null ? '–' : formatClock(row.duration_ms)}</Table.Td>
      <Table.Td>{row.bytes === null ? '–' : words.size(row.bytes)}</Table.Td>
      <Table.Td>
        <Badge variant="light" tt="none" color={COLOR[row.status]} title={row.error ?? undefined}>
          {words.states[row.status]}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Button component={Link} to={`/sessions/${row.session_id}/review`} size="xs" variant="default">
          {words.open}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

/** Every recording of the organisation, found by candidate and day. */
export default function VideosPage() {
  const [search, setSearch] = useState('');
  const [q] = useDebouncedValue(search.trim(), 250);
  const [status, setStatus] = useState<Video['status'] | ''>('');
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const videos = useVideos({ q, status: status || null, since: dayBegins(since), until: dayEnds(until) });
  const rows = videos.data?.pages.flatMap((page) => page.items) ?? [];
  const toSessions = (
    <Button component={Link} to="/sessions" variant="default">
      {words.sessions}
    </Button>
  );
  return (
    <Page title={words.title} lead={words.lead} width={1240} actions={toSessions}>
      <Group gap="md" align="flex-end" role="search">
        <TextInput
          flex="1 1 240px"
          label={words.search}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={search}
          maxLength={200}
          onChange={(event) => setSearch(event.currentTarget.value)}
          data-testid="video-search"
        />
        <NativeSelect label={words.status} data={STATES} value={status} onChange={(event) => setStatus(event.currentTarget.value as Video['status'] | '')} />
        <TextInput label={words.since} type="date" value={since} onChange={(event) => setSince(event.currentTarget.value)} />
        <TextInput label={words.until} type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      </Group>
      {videos.isPending && <Loading />}
      {videos.isError && rows.length === 0 && <ErrorState error={videos.error} onRetry={() => void videos.refetch()} />}
      {videos.isSuccess && rows.length === 0 && <Message title={words.nothing} hint={words.nothingHint} icon={<IconVideo size={28} />} />}
      {rows.length > 0 && (
        <Paper withBorder radius="lg" style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={words.title}>
          <Table verticalSpacing="sm" horizontalSpacing="md" miw={900}>
            <Table.Thead>
              <Table.Tr>
                {words.columns.map((column) => (
                  <Table.Th key={column}>{column}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <VideoLine key={row.id} row={row} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
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
