import { describe, expect, it } from 'vitest';
import type { DrawnInterview, Interview } from '../../api/types';
import { changeBody, draftBody, emptyForm, formErrors, formOf, localTime, minutesOf, newQuestion, withDraw } from './interviewForm';

const asked = (...texts: string[]) => texts.map((text) => newQuestion({ text }));

describe('interview form', () => {
  it('names what is missing', () => {
    expect(Object.keys(formErrors(emptyForm(), 0))).toEqual(['title', 'questions']);
    expect(Object.keys(formErrors({ ...emptyForm(), title: 'x', kind: 'live' }, 0))).toEqual(['interviewers']);
    expect(Object.keys(formErrors({ ...emptyForm(), title: 'x', questions: asked('q'), deadline: '2020-01-01T00:00' }, Date.now()))).toEqual(['deadline']);
  });

  it('sends only questions with words, as a draft', () => {
    const body = draftBody({ ...emptyForm(), title: ' Title ', questions: asked(' One ', ' ', 'Two'), interviewerIds: ['a'] });
    expect(body).toMatchObject({ title: 'Title', draft: true, questions: [{ text: 'One' }, { text: 'Two' }], interviewer_ids: [], deadline: null });
  });

  it('takes over what a template draws and keeps where each question came from', () => {
    const drawn = { title: 'T', description: 'D', duration_minutes: 20, interview_guide: 'G', questions: [{ question_id: 'b', text: 'Why?' }] } as DrawnInterview;
    const form = withDraw({ ...emptyForm(), takes: 3 }, drawn);
    expect(draftBody(form)).toMatchObject({ title: 'T', takes: 3, duration_minutes: 20, interview_guide: 'G', questions: [{ question_id: 'b', text: 'Why?' }] });
  });

  it('changes nothing that stays once somebody takes part', () => {
    const interview = {
      ...{ title: 'T', description: '', kind: 'one_way', deadline: null, think_seconds: 1, answer_seconds: 60, takes: 1, practice_question: false },
      ...{ duration_minutes: null, interview_guide: '', interviewers: [] },
      questions: [{ id: 'a', question_id: null, text: 'Why?', own_think_seconds: null, own_answer_seconds: 30 }],
    } as unknown as Interview;
    const form = formOf(interview);
    expect(changeBody(form, false).questions).toEqual([{ id: 'a', question_id: null, text: 'Why?', think_seconds: null, answer_seconds: 30 }]);
    expect(Object.keys(changeBody(form, true))).not.toContain('questions');
    expect(Object.keys(changeBody(form, true))).not.toContain('takes');
  });

  it('counts the longest it takes, with times of a question of its own', () => {
    const questions = [newQuestion({ text: 'a' }), newQuestion({ text: 'b', think: 0, answer: 60 }), newQuestion()];
    expect(minutesOf({ ...emptyForm(), think: 30, answer: 90, questions })).toBe(3);
    expect(minutesOf({ ...emptyForm(), kind: 'live', duration: 45 })).toBe(45);
  });

  it('writes a moment as the date field does', () => {
    const at = new Date(2027, 0, 2, 3, 4);
    expect(localTime(at.toISOString())).toBe('2027-01-02T03:04');
  });
});
