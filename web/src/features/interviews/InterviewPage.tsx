import { Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconCopy, IconEye, IconPencil, IconPlayerPause, IconPlayerPlay, IconSend, IconSquareX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useDuplicateInterview, useFunnel, useInterview, useMoveInterview, type Move } from '../../api/queries/interviews';
import type { Interview } from '../../api/types';
import { text } from '../../text';
import { interviews as words } from '../../text/interviews';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import { FunnelBar } from './FunnelBar';
import classes from './interviews.module.css';
import { InviteDialog } from './InviteDialog';
import { PeopleList } from './PeopleList';
import { StatusBadge } from './StatusBadge';
import { WeeksChart } from './WeeksChart';

interface ActionsProps {
  interview: Interview;
  busy: boolean;
  onMove: (move: Move) => void;
  onCopy: () => void;
  onInvite: () => void;
}

function Actions({ interview, busy, onMove, onCopy, onInvite }: ActionsProps) {
  const { status } = interview;
  return (
    <Group gap="xs">
      {status === 'active' && (
        <Button leftSection={<IconSend size={16} />} onClick={onInvite} data-testid="invite">
          {words.invite}
        </Button>
      )}
      {status === 'inactive' && (
        <Button leftSection={<IconPlayerPlay size={16} />} disabled={busy} onClick={() => onMove('activate')} data-testid="activate">
          {words.activate}
        </Button>
      )}
      {status !== 'completed' && (
        <Button component={Link} to={`/interviews/${interview.id}/edit`} variant="default" leftSection={<IconPencil size={16} />} data-testid="edit-interview">
          {words.edit}
        </Button>
      )}
      <Button variant="default" leftSection={<IconCopy size={16} />} disabled={busy} onClick={onCopy} data-testid="duplicate">
        {words.duplicate}
      </Button>
      <Button component={Link} to={`/interviews/${interview.id}/policy`} variant="default" leftSection={<IconEye size={16} />} data-testid="interview-policy">
        {words.policy}
      </Button>
      {status === 'active' && (
        <Button variant="default" leftSection={<IconPlayerPause size={16} />} disabled={busy} onClick={() => onMove('pause')} data-testid="pause">
          {words.pause}
        </Button>
      )}
      {status !== 'completed' && (
        <Button variant="default" leftSection={<IconSquareX size={16} />} disabled={busy} onClick={() => onMove('close')} data-testid="close-interview">
          {words.close}
        </Button>
      )}
    </Group>
  );
}

function Asked({ interview }: { interview: Interview }) {
  const own = (seconds: number, of: number, say: (n: number) => string) => (seconds === of ? null : say(seconds));
  return (
    <Paper withBorder radius="lg" p="lg" component="section" aria-label={words.asks}>
      <Stack gap="sm">
        <Title order={2}>{words.asks}</Title>
        {interview.description && <Text style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{interview.description}</Text>}
        {interview.kind === 'one_way' && (
          <Text size="sm" c="dimmed">
            {words.think(interview.think_seconds)} · {words.answer(interview.answer_seconds)} · {words.takes(interview.takes)}
          </Text>
        )}
        {interview.questions.length === 0 && <Text c="dimmed">{words.noQuestions}</Text>}
        <ol className={classes.questions}>
          {interview.questions.map((question) => (
            <li key={question.id} data-testid="asked-question">
              {question.text}{' '}
              <Text span size="sm" c="dimmed">
                {[own(question.think_seconds, interview.think_seconds, words.think), own(question.answer_seconds, interview.answer_seconds, words.answer)].filter(Boolean).join(' · ')}
              </Text>
            </li>
          ))}
        </ol>
        {interview.interviewers.length > 0 && (
          <Text size="sm">
            {words.panel}: {interview.interviewers.map((person) => person.full_name).join(', ')}
          </Text>
        )}
        {interview.interview_guide && (
          <details>
            <summary>{words.guide}</summary>
            <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {interview.interview_guide}
            </Text>
          </details>
        )}
      </Stack>
    </Paper>
  );
}

function Whole({ interview, onReload }: { interview: Interview; onReload: () => void }) {
  const [open, setOpen] = useState<'invite' | 'close' | null>(null);
  const funnel = useFunnel(interview.id);
  const move = useMoveInterview();
  const copy = useDuplicateInterview();
  const navigate = useNavigate();
  // Somebody else may have moved it: what it is now shows beside the refusal.
  const go = (wanted: Move) => move.mutate({ interview, move: wanted }, { onError: onReload, onSettled: () => setOpen(null) });
  return (
    <>
      <Group gap="xs">
        <StatusBadge status={interview.status} />
        <Badge variant="light" color="gray" tt="none">
          {text.common.kind[interview.kind]}
        </Badge>
        {interview.deadline && (
          <Text size="sm" c="dimmed">
            {words.deadline} <Moment iso={interview.deadline} inherit />
          </Text>
        )}
      </Group>
      <Actions
        interview={interview}
        busy={move.isPending || copy.isPending}
        onMove={(wanted) => (wanted === 'close' ? setOpen('close') : go(wanted))}
        onCopy={() => copy.mutate(interview.id, { onSuccess: (made) => void navigate(`/interviews/${made.id}`) })}
        onInvite={() => setOpen('invite')}
      />
      <ErrorNote error={move.error ?? copy.error} />
      {funnel.data && funnel.data.invited > 0 && (
        <div className={classes.strip}>
          <FunnelBar funnel={funnel.data} />
        </div>
      )}
      <PeopleList interview={interview} />
      <Asked interview={interview} />
      {funnel.data && funnel.data.invited > 0 && <WeeksChart interviewId={interview.id} />}
      {open === 'invite' && <InviteDialog interview={interview} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        opened={open === 'close'}
        title={words.closeTitle(interview.title)}
        lead={words.closeLead}
        confirm={words.close}
        danger
        busy={move.isPending}
        testId="close-confirm"
        onConfirm={() => go('close')}
        onClose={() => setOpen(null)}
      />
    </>
  );
}

/** One interview: its people and how far they are, what it asks, and what can be done with it. */
export default function InterviewPage() {
  const { interviewId = '' } = useParams();
  const interview = useInterview(interviewId);
  return (
    <Page
      title={interview.data?.title ?? words.title}
      width="full"
      actions={
        <Anchor component={Link} to="/interviews" size="sm">
          <Group gap={4} component="span">
            <IconArrowLeft size={16} aria-hidden />
            {words.back}
          </Group>
        </Anchor>
      }
    >
      {interview.isPending && <Loading />}
      {interview.isError && <ErrorState error={interview.error} onRetry={() => void interview.refetch()} />}
      {interview.data && <Whole key={interview.data.id} interview={interview.data} onReload={() => void interview.refetch()} />}
    </Page>
  );
}
