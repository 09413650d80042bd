import { Button, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { SessionRow } from '../../api/types';
import { formatClock } from '../../core/time/clock';
import { text } from '../../text';
import { staff as words } from '../../text/staff';
import { Moment } from '../../ui/Moment';
import { RowTable, Second, type Column } from '../../ui/RowTable';
import { SeverityMark } from '../../ui/SeverityMark';
import classes from './staff.module.css';

/** Whether somebody still has to look. */
function Seen({ row }: { row: SessionRow }) {
  if (row.unreviewed_count > 0) {
    return (
      <>
        <i className={classes.dot} aria-hidden="true" />
        <VisuallyHidden>{words.unreviewed(row.unreviewed_count)}</VisuallyHidden>
      </>
    );
  }
  return row.ended_at === null ? null : <IconCheck size={14} className={classes.tick} aria-label={words.nothingOpen} role="img" />;
}

function Incidents({ row }: { row: SessionRow }) {
  if (row.incident_count === 0 || row.worst_severity === null) return <span className={classes.quiet}>{words.noIncidents}</span>;
  return (
    <span className={classes.found}>
      <SeverityMark severity={row.worst_severity} size="xs" />
      {words.incidents(row.incident_count)}
      {row.unreviewed_count > 0 && `, ${words.unreviewed(row.unreviewed_count)}`}
    </span>
  );
}

function Score({ value }: { value: number | null }) {
  if (value === null) return <span title={words.noScore}>–</span>;
  const shown = String(Math.round(value));
  return (
    <span className={classes.score} title={words.score(shown)} data-testid="session-score">
      {shown}
    </span>
  );
}

function Acts({ row }: { row: SessionRow }) {
  const joinable = row.ended_at === null && (row.kind !== 'one_way' || row.in_room);
  return (
    <span className={classes.acts}>
      {joinable && (
        <Button component={Link} to={`/sessions/${row.id}/check`} data-testid="join">
          {words.join}
        </Button>
      )}
      <Button component={Link} to={`/sessions/${row.id}/review`} variant="default" data-testid="review">
        {words.review}
      </Button>
    </span>
  );
}

function Row({ row }: { row: SessionRow }) {
  const when = row.started_at ?? row.scheduled_start;
  return (
    <tr data-testid="session-row" data-session-id={row.id} data-unseen={row.unreviewed_count > 0 || undefined}>
      <td>
        <Seen row={row} />
      </td>
      <td>
        <Link to={`/sessions/${row.id}/review`} className={classes.name}>
          {row.candidate_name}
        </Link>
        <Second>{row.candidate_email}</Second>
      </td>
      <td>
        {row.interview_title}
        <Second>
          {text.common.kind[row.kind]}
          {row.video_count > 0 && `, ${words.recordings(row.video_count)}`}
          {row.duration_ms > 0 && `, ${formatClock(row.duration_ms)}`}
        </Second>
      </td>
      <td>
        <Incidents row={row} />
      </td>
      <td data-number>
        <Score value={row.integrity_score} />
      </td>
      <td>
        {row.in_room ? (
          <span className={classes.tag} data-live data-testid="live-badge">
            {words.inRoom}
          </span>
        ) : (
          <span className={classes.tag}>{text.common.sessionStatus[row.status]}</span>
        )}
      </td>
      <td data-whole>{when ? <Moment iso={when} size="xs" /> : '–'}</td>
      <td>
        <Acts row={row} />
      </td>
    </tr>
  );
}

const { seen, candidate, interview, status, when, incidents, score, action } = words.columns;
const COLUMNS: readonly Column[] = [
  { name: seen, unseen: true },
  { name: candidate },
  { name: interview },
  { name: incidents },
  { name: score, number: true },
  { name: status },
  { name: when },
  { name: action, unseen: true },
];

/** Sessions as rows: who, what, what to look at. */
export function SessionTable({ rows }: { rows: SessionRow[] }) {
  return (
    <RowTable columns={COLUMNS} sign className={classes.rows}>
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </RowTable>
  );
}
