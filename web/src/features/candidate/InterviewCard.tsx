import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconClock, IconListNumbers } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useOpenSession, useWithdraw } from '../../api/queries/candidate';
import type { CandidateInterview } from '../../api/types';
import { text } from '../../text';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { aboutMinutes, cardState, type CardState } from './state';

const COLORS: Record<CardState, string> = { new: 'viva', running: 'yellow', done: 'gray', over: 'gray', withdrawn: 'gray' };

function Facts({ item }: { item: CandidateInterview }) {
  const { interview, session } = item;
  return (
    <Group gap="md" c="dimmed">
      {interview.question_count > 0 && (
        <Group gap={6} wrap="nowrap">
          <IconListNumbers size={16} aria-hidden />
          <Text size="sm" data-testid="progress">
            {item.answered_count > 0
              ? text.candidate.answered(item.answered_count, interview.question_count)
              : text.candidate.questions(interview.question_count)}
          </Text>
        </Group>
      )}
      {interview.kind === 'one_way' && (
        <Group gap={6} wrap="nowrap">
          <IconClock size={16} aria-hidden />
          <Text size="sm">{text.candidate.about(aboutMinutes(interview))}</Text>
        </Group>
      )}
      {session?.scheduled_start && (
        <Text size="sm">
          {text.candidate.scheduled} <Moment iso={session.scheduled_start} />
        </Text>
      )}
      {interview.deadline && (
        <Text size="sm">
          {text.candidate.until} <Moment iso={interview.deadline} />
        </Text>
      )}
    </Group>
  );
}

function Withdraw({ interviewId }: { interviewId: string }) {
  const [asking, setAsking] = useState(false);
  const withdraw = useWithdraw();
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => setAsking(true)} data-testid="withdraw">
        {text.candidate.withdraw}
      </Button>
      <ErrorNote error={withdraw.error} />
      <ConfirmDialog
        opened={asking}
        title={text.candidate.withdrawTitle}
        lead={text.candidate.withdrawLead}
        confirm={text.candidate.withdraw}
        danger
        busy={withdraw.isPending}
        testId="withdraw-confirm"
        onConfirm={() => withdraw.mutate(interviewId, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** One interview of a candidate: its state and the next step. */
export function InterviewCard({ item }: { item: CandidateInterview }) {
  const navigate = useNavigate();
  const open = useOpenSession();
  const [nowMs] = useState(() => Date.now());
  const state = cardState(item, nowMs);
  const live = item.interview.kind !== 'one_way';

  const go = () => {
    if (state === 'done' && item.session) void navigate(`/sessions/${item.session.id}/done`);
    else open.mutate(item.interview.id, { onSuccess: (session) => void navigate(`/sessions/${session.id}/consent`) });
  };

  const action = state === 'running' ? text.candidate.resume : live ? text.candidate.join : text.candidate.start;
  return (
    <Card withBorder padding="lg" radius="lg" component="article" data-testid="interview-card" data-state={state}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Title order={2}>{item.interview.title}</Title>
            <Text c="dimmed" size="sm">
              {text.candidate.by(item.interview.organisation_name)}
            </Text>
          </div>
          <Badge variant="light" color={COLORS[state]} tt="none" size="lg" style={{ flexShrink: 0 }}>
            {text.candidate.state[state]}
          </Badge>
        </Group>
        {item.interview.description && <Text>{item.interview.description}</Text>}
        <Facts item={item} />
        <ErrorNote error={open.error} />
        <Group justify="space-between" gap="md">
          <Text size="sm" c="dimmed" flex="1 1 240px">
            {state === 'new' && live ? text.candidate.next.live : text.candidate.next[state]}
          </Text>
          {(state === 'new' || state === 'running') && (
            <Group gap="xs">
              <Withdraw interviewId={item.interview.id} />
              <Button onClick={go} loading={open.isPending} data-testid="open-session">
                {action}
              </Button>
            </Group>
          )}
          {state === 'done' && item.session && (
            <Button variant="default" onClick={go}>
              {text.candidate.view}
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
