import type { Question, Video } from '../../api/types';
import type { Recording } from '../signalling/messages';

/** Where the candidate is within one question. Times are this client's monotonic milliseconds. */
export type Step =
  | { phase: 'thinking'; sinceMs: number }
  | { phase: 'starting' }
  | { phase: 'answering'; videoId: string; sinceMs: number }
  | { phase: 'saving'; videoId: string; sinceMs: number }
  /** `cut`: the recording ended because the server went away, not because anybody finished it. */
  | { phase: 'saved'; cut: boolean }
  | { phase: 'failed'; error: string };

export interface Take {
  videoId: string;
  number: number;
  selected: boolean;
}

export interface Flow {
  questions: readonly Question[];
  takesAllowed: number;
  index: number;
  step: Step;
  /** Finished takes by question id, oldest first. */
  takes: Readonly<Record<string, readonly Take[]>>;
  done: boolean;
}

export type FlowEvent =
  | { type: 'start' }
  | { type: 'recording'; recording: Recording; nowMs: number }
  /** Every recording the server knows of, after a loss. */
  | { type: 'snapshot'; recordings: readonly Recording[]; nowMs: number }
  | { type: 'start_refused'; error: string; nowMs: number }
  | { type: 'finish'; nowMs: number }
  | { type: 'finish_refused'; error: string }
  | { type: 'saved_late' }
  | { type: 'retake'; nowMs: number }
  | { type: 'select'; videoId: string }
  | { type: 'next'; nowMs: number };

const KEPT = new Set<Video['status']>(['finalising', 'ready', 'recovered']);

/** Where news of a running recording can reach the page: also after a reload or a lost reply. */
const BEFORE_RECORDING = new Set<Step['phase']>(['thinking', 'starting', 'failed']);

const byOrder = (a: Question, b: Question) => a.order_index - b.order_index;

/** The flow of a sitting as the server knows it: begins at the first question without an answer. */
export function openFlow(session: { questions: readonly Question[]; videos: readonly Video[]; takes: number }, nowMs: number): Flow {
  const questions = [...session.questions].sort(byOrder);
  const takes: Record<string, Take[]> = {};
  for (const video of [...session.videos].sort((a, b) => a.take_number - b.take_number)) {
    if (!video.question_id || !KEPT.has(video.status)) continue;
    (takes[video.question_id] ??= []).push({ videoId: video.id, number: video.take_number, selected: video.is_selected });
  }
  const open = questions.findIndex((question) => !takes[question.id]);
  return {
    questions,
    takesAllowed: session.takes,
    index: open < 0 ? Math.max(0, questions.length - 1) : open,
    step: { phase: 'thinking', sinceMs: nowMs },
    takes,
    done: open < 0,
  };
}

export const currentQuestion = (flow: Flow): Question | undefined => flow.questions[flow.index];
export const currentTakes = (flow: Flow): readonly Take[] => flow.takes[currentQuestion(flow)?.id ?? ''] ?? [];
export const takesLeft = (flow: Flow): number => Math.max(0, flow.takesAllowed - currentTakes(flow).length);
export const isLast = (flow: Flow): boolean => flow.index >= flow.questions.length - 1;

/** The flow after an event; events that do not fit the step change nothing. */
export function flowReducer(flow: Flow, event: FlowEvent): Flow {
  const { step } = flow;
  switch (event.type) {
    case 'start':
      return step.phase === 'thinking' || step.phase === 'failed' ? { ...flow, step: { phase: 'starting' } } : flow;
    case 'start_refused':
      return step.phase === 'starting' ? { ...flow, step: { phase: 'failed', error: event.error } } : flow;
    case 'recording':
      return recorded(flow, event.recording, event.nowMs);
    case 'snapshot':
      return compared(flow, event.recordings, event.nowMs);
    case 'finish':
      return step.phase === 'answering' ? { ...flow, step: { phase: 'saving', videoId: step.videoId, sinceMs: event.nowMs } } : flow;
    case 'finish_refused':
      return step.phase === 'saving' ? { ...flow, step: { phase: 'failed', error: event.error } } : flow;
    case 'saved_late':
      return step.phase === 'saving' ? kept(flow, step.videoId) : flow;
    case 'retake':
      return step.phase === 'saved' && takesLeft(flow) > 0 ? { ...flow, step: { phase: 'thinking', sinceMs: event.nowMs } } : flow;
    case 'select':
      return { ...flow, takes: chosen(flow, event.videoId) };
    case 'next':
      return step.phase === 'saved' ? advanced(flow, event.nowMs) : flow;
  }
}

function recorded(flow: Flow, recording: Recording, nowMs: number): Flow {
  if (recording.question_id !== currentQuestion(flow)?.id || flow.done) return flow;
  const { step } = flow;
  const mine = 'videoId' in step && step.videoId === recording.video_id;
  switch (recording.state) {
    case 'starting':
      return flow;
    case 'recording': {
      if (!BEFORE_RECORDING.has(step.phase)) return flow;
      return { ...flow, step: { phase: 'answering', videoId: recording.video_id, sinceMs: nowMs - (recording.offset_ms ?? 0) } };
    }
    case 'finalising':
      return mine && step.phase === 'answering' ? { ...flow, step: { phase: 'saving', videoId: recording.video_id, sinceMs: nowMs } } : flow;
    case 'ready':
      return mine ? kept(flow, recording.video_id) : flow;
    case 'failed':
      return mine || step.phase === 'starting' ? { ...flow, step: { phase: 'failed', error: recording.error ?? 'internal' } } : flow;
  }
}

/** A recording the server no longer knows has ended: it was finished, or cut off with the server. */
function compared(flow: Flow, recordings: readonly Recording[], nowMs: number): Flow {
  const after = recordings.reduce((state, recording) => recorded(state, recording, nowMs), flow);
  const { step } = after;
  if (!('videoId' in step) || recordings.some((recording) => recording.video_id === step.videoId)) return after;
  return kept(after, step.videoId, step.phase === 'answering');
}

/** The take is the newest and therefore the chosen one, until the candidate chooses another. */
function kept(flow: Flow, videoId: string, cut = false): Flow {
  const question = currentQuestion(flow);
  if (!question) return flow;
  const before = currentTakes(flow).filter((take) => take.videoId !== videoId);
  const take = { videoId, number: before.length + 1, selected: true };
  const takes = { ...flow.takes, [question.id]: [...before.map((other) => ({ ...other, selected: false })), take] };
  return { ...flow, takes, step: { phase: 'saved', cut } };
}

function chosen(flow: Flow, videoId: string): Flow['takes'] {
  const question = currentQuestion(flow);
  if (!question) return flow.takes;
  return { ...flow.takes, [question.id]: currentTakes(flow).map((take) => ({ ...take, selected: take.videoId === videoId })) };
}

function advanced(flow: Flow, nowMs: number): Flow {
  if (isLast(flow)) return { ...flow, done: true };
  return { ...flow, index: flow.index + 1, step: { phase: 'thinking', sinceMs: nowMs } };
}
