import { Anchor, Badge, Button, Group, Paper, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { SessionRow } from '../../api/types';
import { formatClock } from '../../core/time/clock';
import { text } from '../../text';
import { staff as words } from '../../text/staff';
import { Moment } from '../../ui/Moment';
import { SeverityMark } from '../../ui/SeverityMark';
import classes from './staff.module.css';

const STATUS_COLOR: Record<SessionRow['status'], string> = {
  scheduled: 'blue',
  confirmed: 'blue',
  in_progress: 'yellow',
  completed: 'viva',
  cancelled: 'gray',
  no_show: 'gray',
  rescheduled: 'blue',
};

function Incidents({ row }: { row: SessionRow }) {
  if (row.incident_count === 0 || row.worst_severity === null) {
    return (
      <Text size="sm" c="dimmed">
        {words.noIncidents}
      </Text>
    );
  }
  return (
    <div>
      <SeverityMark severity={row.worst_severity} />
      <Text size="xs" c="dimmed">
        {words.incidents(row.incident_count)}
        {row.unreviewed_count > 0 && ` · ${words.unreviewed(row.unreviewed_count)}`}
      </Text>
    </div>
  );
}

function Status({ row }: { row: SessionRow }) {
  return (
    <Group gap={6}>
      <Badge variant="light" color={STATUS_COLOR[row.status]} tt="none" miw="max-content">
        {text.common.sessionStatus[row.status]}
      </Badge>
      {row.in_room && (
        <Badge color="red" tt="none" miw="max-content" data-testid="live-badge">
          {words.inRoom}
        </Badge>
      )}
    </Group>
  );
}

function Score({ value }: { value: number | null }) {
  if (value === null) {
    return (
      <Text size="sm" c="dimmed" title={words.noScore}>
        –
      </Text>
    );
  }
  const shown = String(Math.round(value));
  return (
    <Text size="sm" fw={600} title={words.score(shown)} data-testid="session-score">
      {shown}
    </Text>
  );
}

function Row({ row }: { row: SessionRow }) {
  const when = row.started_at ?? row.scheduled_start;
  const joinable = row.ended_at === null && (row.kind !== 'one_way' || row.in_room);
  return (
    <Table.Tr data-testid="session-row" data-session-id={row.id}>
      <Table.Td>
        <Anchor component={Link} to={`/sessions/${row.id}/review`} fw={600} size="sm" c="var(--mantine-color-text)">
          {row.candidate_name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {row.candidate_email}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{row.interview_title}</Text>
        <Text size="xs" c="dimmed">
          {text.common.kind[row.kind]}
        </Text>
      </Table.Td>
      <Table.Td>
        <Status row={row} />
      </Table.Td>
      <Table.Td>{when ? <Moment iso={when} size="sm" /> : <Text size="sm">–</Text>}</Table.Td>
      <Table.Td>
        <Text size="sm">{row.video_count > 0 ? words.recordings(row.video_count) : words.noRecordings}</Text>
        {row.duration_ms > 0 && (
          <Text size="xs" c="dimmed">
            {formatClock(row.duration_ms)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Incidents row={row} />
      </Table.Td>
      <Table.Td>
        <Score value={row.integrity_score} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {joinable && (
            <Button component={Link} to={`/sessions/${row.id}/check`} size="xs" data-testid="join">
              {words.join}
            </Button>
          )}
          <Button component={Link} to={`/sessions/${row.id}/review`} size="xs" variant="default" data-testid="review">
            {words.review}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Sessions as rows: who, what, how it went, what to look at. */
export function SessionTable({ rows }: { rows: SessionRow[] }) {
  const { candidate, interview, status, when, recordings, incidents, score, action } = words.columns;
  return (
    <Paper withBorder radius="lg" className={classes.table}>
      <Table.ScrollContainer minWidth={960}>
        <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {[candidate, interview, status, when, recordings, incidents, score].map((label) => (
                <Table.Th key={label}>{label}</Table.Th>
              ))}
              <Table.Th ta="right">{action}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
