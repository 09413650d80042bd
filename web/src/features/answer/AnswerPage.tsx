import { Button, Progress, Stack, Text, Title } from '@mantine/core';
import { IconListNumbers } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useEndSession, useSessionDetail } from '../../api/queries/session';
import type { SessionDetail } from '../../api/types';
import { currentQuestion } from '../../core/flow/oneWay';
import { CaptureProblem } from '../../session/CaptureProblem';
import { ConnectionBanner } from '../../session/ConnectionBanner';
import { useCaptured, useConnection } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { WatchLine } from '../../session/WatchLine';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import { Shell } from '../../ui/Page';
import { ErrorState, Loading, Message } from '../../ui/States';
import classes from './answer.module.css';
import { Practice } from './Practice';
import { StepPanel } from './StepPanel';
import { useAnswerFlow } from './useAnswerFlow';

const words = text.attend.answer;

function HandIn({ sessionId }: { sessionId: string }) {
  const end = useEndSession(sessionId);
  return (
    <Stack gap="lg" align="flex-start" className={classes.card}>
      <div>
        <Title order={1}>{words.allTitle}</Title>
        <Text c="dimmed">{words.allLead}</Text>
      </div>
      <ErrorNote error={end.error} />
      <Button size="lg" loading={end.isPending} onClick={() => end.mutate()} data-testid="finish-interview">
        {words.finishInterview}
      </Button>
    </Stack>
  );
}

function Answering({ session }: { session: SessionDetail }) {
  const answer = useAnswerFlow(session);
  const { flow } = answer;
  const question = currentQuestion(flow);
  const total = flow.questions.length;
  const answered = flow.done ? total : flow.index;

  if (!question) return <Message title={words.noQuestionsTitle} hint={words.noQuestionsHint} icon={<IconListNumbers size={28} />} />;
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Text size="sm" c="dimmed" data-testid="question-count">
          {words.questionOf(flow.index + 1, total)}
        </Text>
        <Progress value={(100 * answered) / total} size={4} aria-label={words.progress} />
      </Stack>
      {flow.done ? (
        <HandIn sessionId={session.id} />
      ) : (
        <>
          <Title order={1} className={classes.question} data-testid="question-text" aria-live="polite">
            {question.text}
          </Title>
          <StepPanel key={question.id} sessionId={session.id} answer={answer} question={question} />
        </>
      )}
    </Stack>
  );
}

/** A one-way interview: question by question, each answer a recording of its own. */
export default function AnswerPage() {
  const { session } = useDetail();
  const connection = useConnection();
  const captured = useCaptured();
  // The flow begins from what is saved, so it must not begin from an older copy.
  const fresh = useSessionDetail(session.id, 'always');
  const [openedAt] = useState(() => Date.now());
  const [practised, setPractised] = useState(false);
  const practice = session.interview.practice_question && session.videos.length === 0 && !practised;
  const begun = fresh.dataUpdatedAt >= openedAt;

  useEffect(() => {
    if (connection.captured.get().phase === 'off') void connection.start();
  }, [connection]);

  return (
    <Shell title={session.interview.title} quiet>
      <ConnectionBanner />
      <WatchLine types={session.consent.event_types} />
      <div className={classes.page}>
        {captured.phase === 'failed' && <CaptureProblem code={captured.error} onRetry={() => void connection.start()} />}
        {begun && fresh.data && (practice ? <Practice onDone={() => setPractised(true)} /> : <Answering session={fresh.data} />)}
        {!begun && !fresh.isError && <Loading />}
        {!begun && fresh.isError && <ErrorState error={fresh.error} onRetry={() => void fresh.refetch()} />}
      </div>
    </Shell>
  );
}
