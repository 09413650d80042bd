import { Paper, Stack, Text, Title } from '@mantine/core';
import { useMe } from '../../api/queries/auth';
import { useBranding } from '../../api/queries/organisation';
import { interviews } from '../../text/interviews';
import { Moment } from '../../ui/Moment';
import { minutesOf, questionCount, type InterviewForm } from './interviewForm';
import classes from './interviews.module.css';

const words = interviews.wizard;

/** What candidates will see behind their invitation's link, while it is being written. */
export function Seen({ form }: { form: InterviewForm }) {
  const { data: me } = useMe();
  const company = me?.memberships[0]?.organisation.name ?? '';
  const colour = useBranding().data?.accent_color;
  const minutes = minutesOf(form);
  return (
    <aside aria-label={words.seenTitle} className={classes.seen} data-testid="seen">
      <Text size="sm" c="dimmed" mb="xs">
        {words.seenTitle}
      </Text>
      <Paper withBorder radius="lg" p="lg" className={classes.card} style={colour ? { '--company-accent': colour } : undefined}>
        <Stack gap="sm">
          <div>
            <Text size="sm" c="dimmed">
              {words.seenCompany(company)}
            </Text>
            <Title order={2} style={{ overflowWrap: 'anywhere' }}>
              {form.title.trim() || words.untitled}
            </Title>
          </div>
          {form.description.trim() && <Text style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{form.description.trim()}</Text>}
          {minutes > 0 && <Text size="sm">{form.kind === 'one_way' ? words.oneWay(questionCount(form), minutes) : words.conversation(minutes)}</Text>}
          {form.deadline !== '' && (
            <Text size="sm">
              {words.openUntil} <Moment iso={new Date(form.deadline).toISOString()} inherit />
            </Text>
          )}
        </Stack>
      </Paper>
    </aside>
  );
}
