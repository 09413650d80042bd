import { Button } from '@mantine/core';
import { IconListNumbers } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useEndSession, useSessionDetail } from '../../api/queries/session';
import type { SessionDetail } from '../../api/types';
import { currentQuestion, type Step } from '../../core/flow/oneWay';
import { CaptureProblem } from '../../session/CaptureProblem';
import { useCaptured, useConnection } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { useRecording } from '../../session/useRecording';
import { text } from '../../text';
import { Foot, Lead, Steps } from '../../ui/CandidateShell';
import { ErrorNote } from '../../ui/ErrorNote';
import { RecordingBadge } from '../../ui/RecordingBadge';
import { ErrorState, Loading, Message } from '../../ui/States';
import classes from './answer.module.css';
import { AnswerFrame, Asked, Lens } from './Frame';
import { Practice } from './Practice';
import { StepPanel } from './StepPanel';
import { Takes } from './Takes';
import { useAnswerFlow } from './useAnswerFlow';

const words = text.attend.answer;

function HandIn({ sessionId }: { sessionId: string }) {
  const end = useEndSession(sessionId);
  return (
    <div className={classes.one}>
      <h1>{words.allTitle}</h1>
      <Lead>{words.allLead}</Lead>
      <ErrorNote error={end.error} />
      <Foot>
        <Button size="lg" loading={end.isPending} onClick={() => end.mutate()} data-testid="finish-interview">
          {words.finishInterview}
        </Button>
      </Foot>
    </div>
  );
}

/** How far one is; while answering, that it is being recorded. */
function Where({ step, at, of }: { step: Step; at: number; of: number }) {
  const { state } = useRecording();
  if (step.phase === 'answering') {
    return <RecordingBadge state={state === 'none' ? 'recording' : state} sinceMs={step.sinceMs} clock={false} />;
  }
  return <Steps at={at} of={of} word={words.stepWord(at, of)} />;
}

function Answering({ session }: { session: SessionDetail }) {
  const answer = useAnswerFlow(session);
  const captured = useCaptured();
  const connection = useConnection();
  const { flow } = answer;
  const { step, index } = flow;
  const question = currentQuestion(flow);
  const total = flow.questions.length;

  if (!question) {
    return (
      <AnswerFrame>
        <Message title={words.noQuestionsTitle} hint={words.noQuestionsHint} icon={<IconListNumbers size={28} />} alone />
      </AnswerFrame>
    );
  }
  const choosing = step.phase === 'saved' && flow.takesAllowed > 1;
  const count = (
    <>
      <span data-testid="question-count">{words.questionOf(index + 1, total)}</span>
      {step.phase === 'thinking' && words.upTo(text.common.duration(question.answer_seconds))}
    </>
  );
  return (
    <AnswerFrame end={!flow.done && <Where step={step} at={index + 1} of={total} />}>
      {captured.phase === 'failed' && <CaptureProblem code={captured.error} onRetry={() => void connection.start()} />}
      {flow.done && <HandIn sessionId={session.id} />}
      {!flow.done && choosing && (
        <div className={classes.choosing} data-testid="step" data-step={step.phase}>
          <Takes sessionId={session.id} answer={answer} question={question} cut={step.cut} />
        </div>
      )}
      {!flow.done && !choosing && (
        <div className={classes.q} data-testid="step" data-step={step.phase}>
          <Lens note={step.phase === 'answering' ? words.lookHere : words.notRecording} testId="self-video" />
          <Asked eyebrow={count}>{question.text}</Asked>
          <StepPanel key={question.id} answer={answer} question={question} />
        </div>
      )}
    </AnswerFrame>
  );
}

/** A one-way interview: question by question, each answer a recording of its own. */
export default function AnswerPage() {
  const { session } = useDetail();
  const connection = useConnection();
  // The flow begins from what is saved, so it must not begin from an older copy.
  const fresh = useSessionDetail(session.id, 'always');
  const [openedAt] = useState(() => Date.now());
  const [practised, setPractised] = useState(false);
  const practice = session.interview.practice_question && session.videos.length === 0 && !practised;
  const begun = fresh.dataUpdatedAt >= openedAt;

  useEffect(() => {
    if (connection.captured.get().phase === 'off') void connection.start();
  }, [connection]);

  if (!begun || !fresh.data) {
    return <AnswerFrame>{fresh.isError ? <ErrorState error={fresh.error} onRetry={() => void fresh.refetch()} alone /> : <Loading />}</AnswerFrame>;
  }
  return practice ? <Practice onDone={() => setPractised(true)} /> : <Answering session={fresh.data} />;
}
