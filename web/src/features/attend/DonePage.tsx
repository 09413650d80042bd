import { Button, Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck, IconDoorExit } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { useWithdrawConsent } from '../../api/queries/session';
import type { SessionDetail } from '../../api/types';
import { isOver } from '../../core/session/gate';
import { useConnection } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { text } from '../../text';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Shell } from '../../ui/Page';
import { Message } from '../../ui/States';
import classes from './DonePage.module.css';

const words = text.attend.done;

function Withdraw({ session }: { session: SessionDetail }) {
  const [asking, setAsking] = useState(false);
  const withdraw = useWithdrawConsent(session.id);
  if (withdraw.isSuccess || session.consent.given_at === null) {
    return <Text role="status">{words.withdrawn}</Text>;
  }
  return (
    <Stack gap="xs" align="flex-start">
      <Title order={3}>{words.withdrawTitle}</Title>
      <Text size="sm" c="dimmed">
        {words.withdrawLead}
      </Text>
      <Button variant="default" size="sm" onClick={() => setAsking(true)}>
        {words.withdraw}
      </Button>
      <ErrorNote error={withdraw.error} />
      <ConfirmDialog
        opened={asking}
        title={words.withdrawConfirm}
        lead={words.withdrawLead}
        confirm={words.withdraw}
        danger
        busy={withdraw.isPending}
        onConfirm={() => withdraw.mutate(undefined, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      />
    </Stack>
  );
}

function Left({ session, isCandidate }: { session: SessionDetail; isCandidate: boolean }) {
  return (
    <Message title={words.leftTitle} hint={words.leftLead} icon={<IconDoorExit size={28} />} color="viva">
      <Group>
        {/* A full load: the connection that left is not used again. */}
        <Button component="a" href={`/sessions/${session.id}/check`}>
          {words.rejoin}
        </Button>
        <Button component={Link} to={isCandidate ? '/candidates/dashboard' : '/sessions'} variant="default">
          {isCandidate ? words.toDashboard : words.toSessions}
        </Button>
      </Group>
    </Message>
  );
}

function OverForStaff({ session }: { session: SessionDetail }) {
  return (
    <Message title={words.overTitle} hint={words.overStaff} icon={<IconCheck size={28} />} color="viva">
      <Group>
        <Button component={Link} to={`/sessions/${session.id}/review`}>
          {words.toReview}
        </Button>
        <Button component={Link} to="/sessions" variant="default">
          {words.toSessions}
        </Button>
      </Group>
    </Message>
  );
}

function Thanks({ session }: { session: SessionDetail }) {
  const saved = session.videos.filter((video) => video.status !== 'failed').length;
  return (
    <div className={classes.middle}>
      <Paper withBorder radius="lg" p={{ base: 'lg', sm: 40 }} className={classes.card} data-testid="done">
        <Stack gap="lg">
          <ThemeIcon size={56} radius="xl" variant="light">
            <IconCheck size={28} />
          </ThemeIcon>
          <div>
            <Title order={1}>{words.title}</Title>
            <Text c="dimmed">
              {words.lead(session.organisation.name)} {saved > 0 && `${words.answers(saved)}.`}
            </Text>
          </div>
          <div>
            <Title order={3}>{words.nextTitle}</Title>
            <Text>{words.next}</Text>
          </div>
          <Button component={Link} to="/candidates/dashboard" size="md">
            {words.toDashboard}
          </Button>
          <Withdraw session={session} />
        </Stack>
      </Paper>
    </div>
  );
}

/** The last page: over, or left for now. */
export default function DonePage() {
  const { session, isCandidate } = useDetail();
  const connection = useConnection();
  const over = isOver(session) || connection.room.get().ended !== null;

  useEffect(() => connection.leave(), [connection]);

  return (
    <Shell title={over ? words.title : words.leftTitle}>
      {!over && <Left session={session} isCandidate={isCandidate} />}
      {over && (isCandidate ? <Thanks session={session} /> : <OverForStaff session={session} />)}
    </Shell>
  );
}
