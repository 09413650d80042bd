import { Button } from '@mantine/core';
import { IconCalendar, IconClock, IconListNumbers } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useOpenSession, useWithdraw } from '../../api/queries/candidate';
import type { CandidateInterview } from '../../api/types';
import { text } from '../../text';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import classes from './candidate.module.css';
import { aboutMinutes, cardState } from './state';

const SIGN = { size: 16, stroke: 1.6, 'aria-hidden': true } as const;

function Facts({ item }: { item: CandidateInterview }) {
  const { interview, session } = item;
  return (
    <p className={classes.facts}>
      {interview.question_count > 0 && (
        <span>
          <IconListNumbers {...SIGN} />
          <span data-testid="progress">
            {item.answered_count > 0
              ? text.candidate.answered(item.answered_count, interview.question_count)
              : text.candidate.questions(interview.question_count)}
          </span>
        </span>
      )}
      {interview.kind === 'one_way' && (
        <span>
          <IconClock {...SIGN} />
          {text.candidate.about(aboutMinutes(interview))}
        </span>
      )}
      {session?.scheduled_start && (
        <span>
          <IconCalendar {...SIGN} />
          {text.candidate.scheduled} <Moment iso={session.scheduled_start} inherit />
        </span>
      )}
      {interview.deadline && (
        <span>
          <IconCalendar {...SIGN} />
          {text.candidate.until} <Moment iso={interview.deadline} inherit />
        </span>
      )}
    </p>
  );
}

function Withdraw({ interviewId }: { interviewId: string }) {
  const [asking, setAsking] = useState(false);
  const withdraw = useWithdraw();
  return (
    <>
      <Button size="lg" variant="subtle" color="gray" onClick={() => setAsking(true)} data-testid="withdraw">
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
    <article className={classes.card} data-testid="interview-card" data-state={state}>
      <div className={classes.head}>
        <div>
          <h2>{item.interview.title}</h2>
          <p className={classes.small}>{text.candidate.by(item.interview.organisation_name)}</p>
        </div>
        <span className={classes.state} data-state={state}>
          {text.candidate.state[state]}
        </span>
      </div>
      {item.interview.description && <div>{item.interview.description}</div>}
      <Facts item={item} />
      <ErrorNote error={open.error} />
      <div className={classes.next}>
        <p className={classes.small}>{state === 'new' && live ? text.candidate.next.live : text.candidate.next[state]}</p>
        {(state === 'new' || state === 'running') && (
          <div className={classes.acts}>
            <Withdraw interviewId={item.interview.id} />
            <Button size="lg" onClick={go} loading={open.isPending} data-testid="open-session">
              {action}
            </Button>
          </div>
        )}
        {state === 'done' && item.session && (
          <Button size="lg" variant="default" onClick={go}>
            {text.candidate.view}
          </Button>
        )}
      </div>
    </article>
  );
}
