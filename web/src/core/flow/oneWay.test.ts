import { describe, expect, it } from 'vitest';
import type { Question, Video } from '../../api/types';
import type { Recording } from '../signalling/messages';
import { remainingMs } from '../time/clock';
import { currentTakes, flowReducer, openFlow, takesLeft, type Flow, type FlowEvent } from './oneWay';

const question = (id: string, order: number): Question => ({ id, text: id, order_index: order, think_seconds: 30, answer_seconds: 90 });
const video = (id: string, questionId: string, status: Video['status'] = 'ready', take = 1) =>
  ({ id, question_id: questionId, status, take_number: take, is_selected: true }) as Video;
const recording = (state: Recording['state'], offset = 0, id = 'v1', questionId = 'q1'): FlowEvent => ({
  type: 'recording',
  recording: { video_id: id, question_id: questionId, participant_id: 'me', state, offset_ms: offset },
  nowMs: 10_000,
});
const QUESTIONS = [question('q2', 1), question('q1', 0)];
const open = (takes = 1, videos: Video[] = []): Flow => openFlow({ questions: QUESTIONS, videos, takes }, 0);
const play = (flow: Flow, ...events: FlowEvent[]): Flow => events.reduce(flowReducer, flow);

const ANSWERED: FlowEvent[] = [{ type: 'start' }, recording('recording'), { type: 'finish', nowMs: 20_000 }, recording('ready')];

describe('one-way flow', () => {
  it('goes from thinking to saved and to the next question', () => {
    const saved = play(open(), ...ANSWERED);
    expect(saved.step.phase).toBe('saved');
    expect(takesLeft(saved)).toBe(0);
    const next = play(saved, { type: 'next', nowMs: 30_000 });
    expect(next.index).toBe(1);
    expect(next.step).toEqual({ phase: 'thinking', sinceMs: 30_000 });
  });

  it('counts down by when the server began, however long the tab was hidden or the page being loaded', () => {
    const leftMs = ({ step }: Flow, nowMs: number) => (step.phase === 'answering' ? remainingMs(step.sinceMs, 60_000, nowMs) : null);
    const answering = play(open(), { type: 'start' }, recording('recording'));
    expect(leftMs(answering, 50_000)).toBe(20_000); // nothing ran for 40 s
    expect(leftMs(play(open(), recording('recording', 40_000)), 10_000)).toBe(20_000);
    expect(leftMs(answering, 95_000)).toBe(0);
  });

  it('is done after the last question', () => {
    const second = play(open(), ...ANSWERED, { type: 'next', nowMs: 0 });
    const done = play(
      second,
      { type: 'start' },
      recording('recording', 0, 'v2', 'q2'),
      { type: 'finish', nowMs: 0 },
      recording('ready', 0, 'v2', 'q2'),
      { type: 'next', nowMs: 0 },
    );
    expect(done.done).toBe(true);
  });

  it('begins at the first question without an answer after a reload', () => {
    expect(open(1, [video('a', 'q1')]).index).toBe(1);
    expect(open(1, [video('a', 'q1', 'failed')]).index).toBe(0);
    expect(open(1, [video('a', 'q1'), video('b', 'q2', 'recovered')]).done).toBe(true);
  });

  it('resumes an answer that went on recording, at its place', () => {
    expect(play(open(), recording('recording', 4_000)).step).toEqual({ phase: 'answering', videoId: 'v1', sinceMs: 6_000 });
  });

  it('follows the server when it ends the answer', () => {
    expect(play(open(), { type: 'start' }, recording('recording'), recording('finalising')).step.phase).toBe('saving');
  });

  it('names a failed recording and lets the candidate start again', () => {
    const failed = play(open(), { type: 'start' }, recording('failed'));
    expect(failed.step.phase).toBe('failed');
    expect(play(failed, { type: 'start' }).step.phase).toBe('starting');
  });

  it('offers takes while there are some, the newest chosen', () => {
    const first = play(open(2), ...ANSWERED);
    expect(takesLeft(first)).toBe(1);
    const second = play(
      first,
      { type: 'retake', nowMs: 0 },
      { type: 'start' },
      recording('recording', 0, 'v2'),
      { type: 'finish', nowMs: 0 },
      recording('ready', 0, 'v2'),
    );
    expect(currentTakes(second).map((take) => take.selected)).toEqual([false, true]);
    expect(takesLeft(second)).toBe(0);
    expect(play(second, { type: 'retake', nowMs: 0 })).toBe(second);
    expect(currentTakes(play(second, { type: 'select', videoId: 'v1' })).map((take) => take.selected)).toEqual([true, false]);
  });

  it('keeps an answer that was cut off with the server', () => {
    const answering = play(open(), { type: 'start' }, recording('recording'));
    const same = recording('recording');
    const known = same.type === 'recording' ? [same.recording] : [];
    expect(play(answering, { type: 'snapshot', recordings: known, nowMs: 0 })).toBe(answering);
    const cut = play(answering, { type: 'snapshot', recordings: [], nowMs: 0 });
    expect(cut.step).toEqual({ phase: 'saved', cut: true });
    expect(currentTakes(cut)).toHaveLength(1);
    const saving = play(answering, { type: 'finish', nowMs: 0 }, { type: 'snapshot', recordings: [], nowMs: 0 });
    expect(saving.step).toEqual({ phase: 'saved', cut: false });
    const thinking = open();
    expect(play(thinking, { type: 'snapshot', recordings: [], nowMs: 0 })).toBe(thinking);
  });

  it('ignores recordings of other questions', () => {
    const flow = open();
    expect(play(flow, recording('recording', 0, 'x', 'q2'))).toBe(flow);
  });
});
