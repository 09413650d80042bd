import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconCircleCheckFilled, IconPlayerRecordFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { useEffect, useEffectEvent } from 'react';
import type { Question } from '../../api/types';
import { isLast, takesLeft } from '../../core/flow/oneWay';
import { remainingMs } from '../../core/time/clock';
import { useConnectionState, useLocalStream, usePublishing } from '../../session/context';
import { useRecording } from '../../session/useRecording';
import { text } from '../../text';
import { CountdownRing } from '../../ui/CountdownRing';
import { RecordingBadge } from '../../ui/RecordingBadge';
import { useNow } from '../../ui/useNow';
import { VideoView } from '../../ui/VideoView';
import classes from './answer.module.css';
import { Takes } from './Takes';
import type { AnswerFlow } from './useAnswerFlow';

const words = text.attend.answer;
const SAVING_LONG_MS = 10_000;

/** Calls `onOver` once when the time since `sinceMs` is up and `ready` holds. */
function useDeadline(sinceMs: number, totalMs: number, ready: boolean, onOver: () => void): void {
  const over = useEffectEvent(onOver);
  useEffect(() => {
    if (!ready || totalMs <= 0) return;
    const timer = setTimeout(over, remainingMs(sinceMs, totalMs, performance.now()));
    return () => clearTimeout(timer);
  }, [sinceMs, totalMs, ready]);
}

/** Whether an answer could be recorded right now. */
function useReady(): boolean {
  const open = useConnectionState().phase === 'open';
  const connected = usePublishing() === 'connected';
  return open && connected;
}

function Thinking({ sinceMs, question, onStart }: { sinceMs: number; question: Question; onStart: () => void }) {
  const ready = useReady();
  const totalMs = question.think_seconds * 1000;
  useDeadline(sinceMs, totalMs, ready, onStart);
  return (
    <Group gap="lg" wrap="nowrap" className={classes.controls}>
      {totalMs > 0 && <CountdownRing sinceMs={sinceMs} totalMs={totalMs} label={words.think} />}
      <Stack gap="sm" align="flex-start">
        {totalMs > 0 && (
          <Text size="sm" c="dimmed">
            {words.thinkHint}
          </Text>
        )}
        <Button
          size="lg"
          leftSection={<IconPlayerRecordFilled size={20} />}
          onClick={onStart}
          loading={!ready}
          data-testid="start-answer"
        >
          {words.startNow}
        </Button>
      </Stack>
    </Group>
  );
}

function Recording({ sinceMs, question, onFinish }: { sinceMs: number; question: Question; onFinish: () => void }) {
  const totalMs = question.answer_seconds * 1000;
  useDeadline(sinceMs, totalMs, true, onFinish);
  return (
    <Group gap="lg" wrap="nowrap" className={classes.controls}>
      <CountdownRing sinceMs={sinceMs} totalMs={totalMs} label={words.timeLeft} />
      <Button size="lg" leftSection={<IconPlayerStopFilled size={20} />} onClick={onFinish} data-testid="finish-answer">
        {words.finish}
      </Button>
    </Group>
  );
}

function Saving({ sinceMs, onGoOn }: { sinceMs: number; onGoOn: () => void }) {
  const long = useNow(1_000) - sinceMs > SAVING_LONG_MS;
  return (
    <Stack gap="md" align="flex-start" data-testid="saving">
      <Group gap="sm" role="status">
        <Loader size={20} />
        <Text>{long ? words.savingLong : words.saving}</Text>
      </Group>
      {long && (
        <Button variant="default" onClick={onGoOn}>
          {words.goOn}
        </Button>
      )}
    </Stack>
  );
}

function Saved({ sessionId, answer, cut }: { sessionId: string; answer: AnswerFlow; cut: boolean }) {
  const left = takesLeft(answer.flow);
  return (
    <Stack gap="lg" align="flex-start" data-testid="answer-saved">
      <Group gap="xs" role="status">
        <IconCircleCheckFilled size={24} color="var(--mantine-primary-color-filled)" aria-hidden />
        <Text fw={600}>{cut ? words.savedCut : words.saved}</Text>
      </Group>
      {answer.flow.takesAllowed > 1 && <Takes sessionId={sessionId} answer={answer} />}
      {left > 0 && answer.flow.takesAllowed > 1 && (
        <Text size="sm" c="dimmed">
          {words.takesLeft(left)}
        </Text>
      )}
      <Group>
        <Button size="lg" onClick={answer.next} data-testid="next-question">
          {isLast(answer.flow) ? words.goOn : words.next}
        </Button>
        {left > 0 && answer.flow.takesAllowed > 1 && (
          <Button size="lg" variant="default" onClick={answer.retake} data-testid="retake">
            {words.retake}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Failed({ error, onAgain }: { error: string; onAgain: () => void }) {
  return (
    <Alert color="red" variant="light" title={words.failedTitle} role="alert" data-error={error} w="100%">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{text.errors.byCode(error)}</Text>
        <Button onClick={onAgain} data-testid="answer-again">
          {words.again}
        </Button>
      </Stack>
    </Alert>
  );
}

function Controls({ sessionId, answer, question }: Props) {
  const { step } = answer.flow;
  switch (step.phase) {
    case 'thinking':
      return <Thinking sinceMs={step.sinceMs} question={question} onStart={answer.start} />;
    case 'starting':
      return (
        <Group gap="sm" role="status">
          <Loader size={20} />
          <Text>{words.starting}</Text>
        </Group>
      );
    case 'answering':
      return <Recording sinceMs={step.sinceMs} question={question} onFinish={answer.finish} />;
    case 'saving':
      return <Saving sinceMs={step.sinceMs} onGoOn={answer.goOn} />;
    case 'saved':
      return <Saved sessionId={sessionId} answer={answer} cut={step.cut} />;
    case 'failed':
      return <Failed error={step.error} onAgain={answer.start} />;
  }
}

interface Props {
  sessionId: string;
  answer: AnswerFlow;
  question: Question;
}

/** What to do now, beside one's own picture. */
export function StepPanel(props: Props) {
  const { step } = props.answer.flow;
  const stream = useLocalStream();
  const view = useRecording();
  return (
    <div className={classes.card} data-testid="step" data-step={step.phase}>
      <div className={classes.panel}>
        <div className={classes.self} data-recording={(step.phase === 'answering' && view.state !== 'paused') || undefined}>
          <VideoView stream={stream} mirrored muted aria-label={words.selfPicture} data-testid="self-video" />
          {step.phase === 'answering' && (
            <div className={classes.badge}>
              <RecordingBadge state={view.state === 'none' ? 'recording' : view.state} sinceMs={step.sinceMs} clock={false} />
            </div>
          )}
        </div>
        <div className={classes.step}>
          <Controls {...props} />
        </div>
      </div>
    </div>
  );
}
