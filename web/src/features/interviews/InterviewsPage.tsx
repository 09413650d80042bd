import { Anchor, Badge, Button, Center, Group, NativeSelect, Paper, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconClipboardList, IconEye, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useDashboard, useLivePeople, type DashboardFilter } from '../../api/queries/interviews';
import type { DashboardRow } from '../../api/types';
import { text } from '../../text';
import { interviews as words } from '../../text/interviews';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { ErrorState, Loading, Message } from '../../ui/States';
import { FunnelBar } from './FunnelBar';
import classes from './interviews.module.css';
import { StatusBadge } from './StatusBadge';
import { WeeksChart } from './WeeksChart';

const NONE: DashboardFilter = { q: '', status: null, kind: null };
const TYPING_MS = 300;

function Facts({ row }: { row: DashboardRow }) {
  return (
    <Text size="sm" c="dimmed">
      {words.questions(row.question_count)} · {words.created} <Moment iso={row.created_at} inherit />
      {row.deadline && (
        <>
          {' '}
          · {words.deadline} <Moment iso={row.deadline} inherit />
        </>
      )}
      {row.last_activity_at && (
        <>
          {' '}
          · {words.newest} <Moment iso={row.last_activity_at} inherit />
        </>
      )}
    </Text>
  );
}

function Row({ row }: { row: DashboardRow }) {
  const { undelivered, in_progress: now } = row.funnel;
  return (
    <div className={classes.interview} data-testid="interview-row" data-interview-id={row.id}>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div className={classes.who}>
          <Group gap="xs">
            <Anchor component={Link} to={`/interviews/${row.id}`} fw={600} c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }}>
              {row.title}
            </Anchor>
            <Badge variant="light" color="gray" tt="none">
              {text.common.kind[row.kind]}
            </Badge>
            <StatusBadge status={row.status} />
          </Group>
          <Facts row={row} />
        </div>
        <Button
          component={Link}
          to={`/interviews/${row.id}/policy`}
          variant="subtle"
          color="gray"
          size="sm"
          leftSection={<IconEye size={16} />}
          aria-label={words.policyOf(row.title)}
          data-testid="interview-policy"
        >
          {words.policy}
        </Button>
      </Group>
      {row.funnel.invited > 0 && <FunnelBar funnel={row.funnel} />}
      {(undelivered > 0 || now > 0) && (
        <Group gap="md">
          {now > 0 && (
            <Text size="sm" fw={600}>
              {words.funnel.now(now)}
            </Text>
          )}
          {undelivered > 0 && (
            <Group gap={4} c="var(--viva-danger)">
              <IconAlertTriangle size={16} aria-hidden />
              <Text size="sm">{words.funnel.undelivered(undelivered)}</Text>
            </Group>
          )}
        </Group>
      )}
    </div>
  );
}

function Filters({ filter, onChange }: { filter: DashboardFilter; onChange: (filter: DashboardFilter) => void }) {
  const options = (names: Record<string, string>) => [{ value: '', label: words.any }, ...Object.entries(names).map(([value, label]) => ({ value, label }))];
  return (
    <Group gap="md" align="flex-end" role="search">
      <TextInput
        flex="1 1 240px"
        label={words.search}
        maxLength={200}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={filter.q}
        onChange={(event) => onChange({ ...filter, q: event.currentTarget.value })}
      />
      <NativeSelect
        label={words.status}
        data={options(words.statuses)}
        value={filter.status ?? ''}
        onChange={(event) => onChange({ ...filter, status: (event.currentTarget.value || null) as DashboardFilter['status'] })}
      />
      <NativeSelect
        label={words.kind}
        data={options(text.common.kind)}
        value={filter.kind ?? ''}
        onChange={(event) => onChange({ ...filter, kind: (event.currentTarget.value || null) as DashboardFilter['kind'] })}
      />
    </Group>
  );
}

/** The interviews of the organisation with how far those invited are, and the last weeks. */
export default function InterviewsPage() {
  const [filter, setFilter] = useState(NONE);
  const [q] = useDebouncedValue(filter.q.trim(), TYPING_MS);
  const interviews = useDashboard({ ...filter, q });
  useLivePeople();
  const rows = interviews.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = q !== '' || filter.status !== null || filter.kind !== null;
  const empty = interviews.isSuccess && rows.length === 0;
  const create = (
    <Button component={Link} to="/interviews/new" leftSection={<IconPlus size={18} />} data-testid="create-interview">
      {words.create}
    </Button>
  );
  return (
    <Page title={words.title} lead={words.lead} width={1080} actions={empty && !narrowed ? null : create}>
      {(narrowed || rows.length > 0) && <Filters filter={filter} onChange={setFilter} />}
      {interviews.isPending && <Loading />}
      {interviews.isError && <ErrorState error={interviews.error} onRetry={() => void interviews.refetch()} />}
      {empty && narrowed && (
        <Message title={words.noMatchTitle} hint={words.noMatchHint}>
          <Button variant="default" onClick={() => setFilter(NONE)}>
            {words.clear}
          </Button>
        </Message>
      )}
      {empty && !narrowed && (
        <Message title={words.emptyTitle} hint={words.emptyHint} icon={<IconClipboardList size={28} />} color="viva">
          {create}
        </Message>
      )}
      {rows.length > 0 && (
        <Paper withBorder radius="lg">
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </Paper>
      )}
      {interviews.hasNextPage && (
        <Center>
          <Button variant="default" loading={interviews.isFetchingNextPage} onClick={() => void interviews.fetchNextPage()}>
            {words.more}
          </Button>
        </Center>
      )}
      {rows.length > 0 && !narrowed && <WeeksChart interviewId={null} />}
    </Page>
  );
}
