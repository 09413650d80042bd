import { ActionIcon, Button, Center, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertCircle, IconCamera, IconClipboardList, IconEye, IconPlus, IconSearch, IconUsers, IconVideo } from '@tabler/icons-react';
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
import classes from './dashboard.module.css';
import { StatusBadge } from './StatusBadge';
import { WeeksChart } from './WeeksChart';

const NONE: DashboardFilter = { q: '', status: null, kind: null };
const TYPING_MS = 300;

const KINDS = { one_way: IconCamera, live: IconVideo, panel: IconUsers };

function News({ row }: { row: DashboardRow }) {
  const { undelivered, in_progress: now } = row.funnel;
  return (
    <div className={classes.news}>
      {row.deadline && (
        <span>
          {words.deadline} <Moment iso={row.deadline} inherit />
        </span>
      )}
      {row.last_activity_at && (
        <span className={classes.second}>
          {words.newest} <Moment iso={row.last_activity_at} inherit />
        </span>
      )}
      {now > 0 && <b>{words.funnel.now(now)}</b>}
      {undelivered > 0 && (
        <span className={classes.wrong}>
          <IconAlertCircle size={14} aria-hidden />
          {words.funnel.undelivered(undelivered)}
        </span>
      )}
    </div>
  );
}

function Row({ row }: { row: DashboardRow }) {
  const Kind = KINDS[row.kind];
  return (
    <div className={classes.row} data-testid="interview-row" data-interview-id={row.id}>
      <span className={classes.kind}>
        <Kind size={16} stroke={1.6} aria-hidden />
      </span>
      <div>
        <Link to={`/interviews/${row.id}`} className={classes.title}>
          {row.title}
        </Link>
        <StatusBadge status={row.status} />
        <span className={classes.second}>
          {text.common.kind[row.kind]}, {words.questions(row.question_count)}, {words.created} <Moment iso={row.created_at} inherit />
        </span>
      </div>
      <div className={classes.cell}>{row.funnel.invited > 0 && <FunnelBar funnel={row.funnel} />}</div>
      <News row={row} />
      <ActionIcon
        component={Link}
        to={`/interviews/${row.id}/policy`}
        variant="subtle"
        color="gray"
        size={32}
        aria-label={words.policyOf(row.title)}
        title={words.policy}
        data-testid="interview-policy"
      >
        <IconEye size={16} stroke={1.6} />
      </ActionIcon>
    </div>
  );
}

function Filters({ filter, onChange }: { filter: DashboardFilter; onChange: (filter: DashboardFilter) => void }) {
  const options = (names: Record<string, string>) => [{ value: '', label: words.any }, ...Object.entries(names).map(([value, label]) => ({ value, label }))];
  return (
    <div className={classes.bar} role="search">
      <TextInput
        flex="1 1 200px"
        maw={360}
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
    </div>
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
    <Page title={words.title} lead={words.lead} width="full" actions={empty && !narrowed ? null : create}>
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
        <div className={classes.rows}>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </div>
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
