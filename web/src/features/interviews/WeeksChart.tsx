import { Paper, Text, Title } from '@mantine/core';
import { useWeeks } from '../../api/queries/interviews';
import type { Week } from '../../api/types';
import { interviews } from '../../text/interviews';
import { ErrorNote } from '../../ui/ErrorNote';
import classes from './interviews.module.css';

const words = interviews.weeks;
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** The same in words and numbers, for those who cannot see bars. */
function Numbers({ weeks }: { weeks: readonly Week[] }) {
  return (
    <table className={classes.hidden}>
      <caption>{words.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.week}</th>
          <th scope="col">{words.invited}</th>
          <th scope="col">{words.finished}</th>
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.begins}>
            <th scope="row">{day.format(new Date(week.begins))}</th>
            <td>{week.invited}</td>
            <td>{week.finished}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Invitations and finished interviews, week by week. */
export function WeeksChart({ interviewId }: { interviewId: string | null }) {
  const weeks = useWeeks(interviewId);
  if (weeks.isError) return <ErrorNote error={weeks.error} />;
  if (!weeks.data) return null;
  const most = Math.max(...weeks.data.flatMap((week) => [week.invited, week.finished]));
  const height = (n: number) => `${most === 0 ? 0 : (100 * n) / most}%`;
  return (
    <Paper withBorder radius="lg" p="lg" component="section" aria-label={words.title} data-testid="weeks">
      <div className={classes.legend}>
        <Title order={2}>{words.title}</Title>
        <Text size="sm" c="dimmed">
          <span className={classes.invitedDot} aria-hidden /> {words.invited} <span className={classes.finishedDot} aria-hidden /> {words.finished}
        </Text>
      </div>
      {most === 0 ? (
        <Text size="sm" c="dimmed">
          {words.none}
        </Text>
      ) : (
        <div className={classes.weeks} aria-hidden>
          {weeks.data.map((week) => (
            <div key={week.begins} className={classes.week} title={`${day.format(new Date(week.begins))}: ${words.invited} ${week.invited}, ${words.finished} ${week.finished}`}>
              <div className={classes.bars}>
                <span style={{ height: height(week.invited) }} data-zero={week.invited === 0} />
                <span style={{ height: height(week.finished) }} data-zero={week.finished === 0} />
              </div>
              <Text size="xs" c="dimmed">
                {day.format(new Date(week.begins))}
              </Text>
            </div>
          ))}
        </div>
      )}
      <Numbers weeks={weeks.data} />
    </Paper>
  );
}
