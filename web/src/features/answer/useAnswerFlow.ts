import { useCallback, useEffect, useReducer, type Dispatch } from 'react';
import type { SessionDetail } from '../../api/types';
import { currentQuestion, flowReducer, openFlow, type Flow, type FlowEvent } from '../../core/flow/oneWay';
import { SignallingError, type Recording } from '../../core/signalling/messages';
import type { SessionConnection } from '../../core/session/connection';
import { useConnection } from '../../session/context';

export interface AnswerFlow {
  flow: Flow;
  start: () => void;
  finish: () => void;
  retake: () => void;
  next: () => void;
  goOn: () => void;
  select: (videoId: string) => void;
}

const code = (error: unknown): string => (error instanceof SignallingError ? error.code : 'internal');

/** The server may have ended the answer by itself; then there is nothing left to finish. */
const ALREADY_FINISHED = new Set(['not_recording', 'unknown_video']);
/** Losing the reply says nothing about the answer: the next `welcome` or `recording` tells. */
const UNDECIDED = new Set(['connection_lost', 'timeout']);

function useRecordings(connection: SessionConnection, dispatch: Dispatch<FlowEvent>): void {
  useEffect(() => {
    const one = (recording: Recording) => dispatch({ type: 'recording', recording, nowMs: performance.now() });
    connection.room.get().recordings.forEach(one);
    return connection.signalling.events.on('message', (message) => {
      if (message.type === 'recording') one(message);
      // After a loss or reload the room is the whole truth.
      if (message.type === 'welcome') dispatch({ type: 'snapshot', recordings: message.room.recordings, nowMs: performance.now() });
    });
  }, [connection, dispatch]);
}

/** The one-way interview: the flow of core, moved by the person and by what the server says. */
export function useAnswerFlow(session: SessionDetail): AnswerFlow {
  const connection = useConnection();
  const { signalling } = connection;
  const [flow, dispatch] = useReducer(flowReducer, null, () =>
    openFlow({ questions: session.questions, videos: session.videos, takes: session.interview.takes }, performance.now()),
  );
  const questionId = currentQuestion(flow)?.id;
  const { step } = flow;

  useRecordings(connection, dispatch);

  const sendFinish = useCallback(
    (videoId: string) => {
      signalling.request({ type: 'finish_answer', video_id: videoId }).catch((error: unknown) => {
        if (ALREADY_FINISHED.has(code(error))) dispatch({ type: 'saved_late' });
        else if (!UNDECIDED.has(code(error))) dispatch({ type: 'finish_refused', error: code(error) });
      });
    },
    [signalling],
  );

  const savingId = step.phase === 'saving' ? step.videoId : null;
  useEffect(
    () => (savingId === null ? undefined : signalling.events.on('welcome', () => sendFinish(savingId))),
    [signalling, savingId, sendFinish],
  );

  const start = () => {
    if (!questionId) return;
    dispatch({ type: 'start' });
    signalling
      .request({ type: 'start_answer', question_id: questionId })
      .catch((error: unknown) => dispatch({ type: 'start_refused', error: code(error), nowMs: performance.now() }));
  };

  const finish = () => {
    if (step.phase !== 'answering') return;
    dispatch({ type: 'finish', nowMs: performance.now() });
    sendFinish(step.videoId);
  };

  return {
    flow,
    start,
    finish,
    retake: () => dispatch({ type: 'retake', nowMs: performance.now() }),
    next: () => dispatch({ type: 'next', nowMs: performance.now() }),
    goOn: () => dispatch({ type: 'saved_late' }),
    select: (videoId) => dispatch({ type: 'select', videoId }),
  };
}
