import { Button, Loader } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import type { Question } from '../../api/types';
import { isLast } from '../../core/flow/oneWay';
import { remainingMs } from '../../core/time/clock';
import { useConnectionState, usePublishing } from '../../session/context';
import { useRecording } from '../../session/useRecording';
import { text } from '../../text';
import { Foot } from '../../ui/CandidateShell';
import { CountdownRing } from '../../ui/CountdownRing';
import { Note } from '../../ui/Note';
import { useNow } from '../../ui/useNow';
import classes from './answer.module.css';
import { Middle } from './Frame';
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
    <>
      <Middle>{totalMs > 0 && <CountdownRing sinceMs={sinceMs} totalMs={totalMs} label={words.think} />}</Middle>
      <Foot note={totalMs > 0 ? words.thinkHint : words.startHint}>
        <Button size="lg" onClick={onStart} loading={!ready} data-testid="start-answer">
          {words.startNow}
        </Button>
      </Foot>
    </>
  );
}

function Recording({ sinceMs, question, onFinish }: { sinceMs: number; question: Question; onFinish: () => void }) {
  const totalMs = question.answer_seconds * 1000;
  const { state } = useRecording();
  const runs = state === 'recording' || state === 'none';
  useDeadline(sinceMs, totalMs, true, onFinish);
  return (
    <>
      <Middle>
        <CountdownRing
          sinceMs={sinceMs}
          totalMs={totalMs}
          label={words.timeLeft}
          lastLabel={words.finishThought}
          tone={runs ? 'full' : 'paused'}
        />
      </Middle>
      <Foot note={runs ? words.stopWhenever : words.waitForUs}>
        <Button size="lg" onClick={onFinish} data-testid="finish-answer">
          {words.finish}
        </Button>
      </Foot>
    </>
  );
}

function Doing({ children }: { children: ReactNode }) {
  return (
    <p className={classes.words} role="status">
      <Loader size={20} />
      {children}
    </p>
  );
}

function Saving({ sinceMs, onGoOn }: { sinceMs: number; onGoOn: () => void }) {
  const long = useNow(1_000) - sinceMs > SAVING_LONG_MS;
  return (
    <>
      <Middle>
        <div data-testid="saving">
          <Doing>{long ? words.savingLong : words.saving}</Doing>
        </div>
      </Middle>
      <Foot>
        {long && (
          <Button size="lg" variant="default" onClick={onGoOn}>
            {words.goOn}
          </Button>
        )}
      </Foot>
    </>
  );
}

function Saved({ answer, cut }: { answer: AnswerFlow; cut: boolean }) {
  return (
    <>
      <Middle>
        <p className={classes.words} role="status" data-testid="answer-saved">
          <IconCircleCheck size={24} stroke={1.6} aria-hidden />
          {cut ? words.savedCut : words.saved}
        </p>
      </Middle>
      <Foot>
        <Button size="lg" onClick={answer.next} data-testid="next-question">
          {isLast(answer.flow) ? words.goOn : words.next}
        </Button>
      </Foot>
    </>
  );
}

function Failed({ error, onAgain }: { error: string; onAgain: () => void }) {
  return (
    <>
      <Middle>
        <Note code={error} title={words.failedTitle} card>
          <div>{text.errors.byCode(error)}</div>
        </Note>
      </Middle>
      <Foot>
        <Button size="lg" onClick={onAgain} data-testid="answer-again">
          {words.again}
        </Button>
      </Foot>
    </>
  );
}

/** What to do now, below the question. */
export function StepPanel({ answer, question }: { answer: AnswerFlow; question: Question }) {
  const { step } = answer.flow;
  switch (step.phase) {
    case 'thinking':
      return <Thinking sinceMs={step.sinceMs} question={question} onStart={answer.start} />;
    case 'starting':
      return (
        <>
          <Middle>
            <Doing>{words.starting}</Doing>
          </Middle>
          <Foot />
        </>
      );
    case 'answering':
      return <Recording sinceMs={step.sinceMs} question={question} onFinish={answer.finish} />;
    case 'saving':
      return <Saving sinceMs={step.sinceMs} onGoOn={answer.goOn} />;
    case 'saved':
      return <Saved answer={answer} cut={step.cut} />;
    case 'failed':
      return <Failed error={step.error} onAgain={answer.start} />;
  }
}
