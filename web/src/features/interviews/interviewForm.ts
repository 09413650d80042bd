import type { BankQuestion, ChangeInterview, CreateInterview, DrawnInterview, Interview, InterviewKind } from '../../api/types';
import { interviews } from '../../text/interviews';

const words = interviews.form;

export interface FormQuestion {
  /** Tells the rows apart while they move. */
  id: string;
  /** Of a question the interview has already. */
  kept: string | null;
  /** Of the question of the collection it is a copy of. */
  source: string | null;
  text: string;
  /** Seconds of its own; null where the interview's hold. */
  think: number | null;
  answer: number | null;
}

export interface InterviewForm {
  title: string;
  description: string;
  kind: InterviewKind;
  /** As the date field writes it, in the viewer's zone; empty for none. */
  deadline: string;
  think: number;
  answer: number;
  takes: number;
  practice: boolean;
  duration: number | null;
  guide: string;
  questions: readonly FormQuestion[];
  interviewerIds: readonly string[];
}

let made = 0;

export const newQuestion = (given: Partial<FormQuestion> = {}): FormQuestion => ({
  id: `new-${++made}`,
  kept: null,
  source: null,
  text: '',
  think: null,
  answer: null,
  ...given,
});

export const emptyForm = (): InterviewForm => ({
  title: '',
  description: '',
  kind: 'one_way',
  deadline: '',
  think: 30,
  answer: 120,
  takes: 1,
  practice: false,
  duration: null,
  guide: '',
  questions: [newQuestion()],
  interviewerIds: [],
});

const pad = (n: number) => String(n).padStart(2, '0');

/** A moment as the date field writes it, in the viewer's zone. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

export const formOf = (interview: Interview): InterviewForm => ({
  title: interview.title,
  description: interview.description,
  kind: interview.kind,
  deadline: interview.deadline === null ? '' : localTime(interview.deadline),
  think: interview.think_seconds,
  answer: interview.answer_seconds,
  takes: interview.takes,
  practice: interview.practice_question,
  duration: interview.duration_minutes,
  guide: interview.interview_guide,
  questions: interview.questions.map((one) =>
    newQuestion({ id: one.id, kept: one.id, source: one.question_id, text: one.text, think: one.own_think_seconds, answer: one.own_answer_seconds }),
  ),
  interviewerIds: interview.interviewers.map(({ id }) => id),
});

/** The form with what a draw of a template fills. */
export const withDraw = (form: InterviewForm, drawn: DrawnInterview): InterviewForm => ({
  ...form,
  title: drawn.title,
  description: drawn.description,
  duration: drawn.duration_minutes,
  guide: drawn.interview_guide,
  questions: drawn.questions.map((one) => newQuestion({ source: one.question_id, text: one.text })),
});

export const withBank = (form: InterviewForm, chosen: readonly BankQuestion[]): InterviewForm => ({
  ...form,
  questions: [...form.questions.filter(({ text }) => text.trim() !== ''), ...chosen.map((one) => newQuestion({ source: one.id, text: one.text }))],
});

export type FormErrors = Partial<Record<'title' | 'questions' | 'interviewers' | 'deadline', string>>;

const written = (form: InterviewForm) => form.questions.filter(({ text }) => text.trim() !== '');

/** What keeps the form from being sent, by field; `nowMs` is Unix time. */
export function formErrors(form: InterviewForm, nowMs: number): FormErrors {
  const errors: FormErrors = {};
  if (form.title.trim() === '') errors.title = words.titleMissing;
  if (form.kind === 'one_way' && written(form).length === 0) errors.questions = words.questionMissing;
  if (form.kind !== 'one_way' && form.interviewerIds.length === 0) errors.interviewers = words.interviewerMissing;
  if (form.deadline !== '' && Date.parse(form.deadline) <= nowMs) errors.deadline = words.deadlinePast;
  return errors;
}

const asked = ({ source, text, think, answer }: FormQuestion) => ({ question_id: source, text: text.trim(), think_seconds: think, answer_seconds: answer });

const shared = (form: InterviewForm) => ({
  title: form.title.trim(),
  description: form.description.trim(),
  deadline: form.deadline === '' ? null : new Date(form.deadline).toISOString(),
  duration_minutes: form.duration,
  interview_guide: form.guide,
  interviewer_ids: form.kind === 'one_way' ? [] : [...form.interviewerIds],
});

const fixed = (form: InterviewForm) => ({ kind: form.kind, think_seconds: form.think, answer_seconds: form.answer, takes: form.takes, practice_question: form.practice });

/** The request for a draft. */
export const draftBody = (form: InterviewForm): CreateInterview => ({
  ...shared(form),
  ...fixed(form),
  questions: written(form).map(asked),
  template_id: null,
  draw_seed: null,
  draft: true,
});

/** The request for a change; where somebody takes part, without what then stays. */
export const changeBody = (form: InterviewForm, begun: boolean): Partial<ChangeInterview> => ({
  ...shared(form),
  ...(!begun && { ...fixed(form), questions: written(form).map((one) => ({ ...asked(one), id: one.kept })) }),
});

/** How long candidates need at most, in minutes, to think and answer once. */
export function minutesOf(form: InterviewForm): number {
  if (form.kind !== 'one_way') return form.duration ?? Math.ceil(form.answer / 60);
  const seconds = written(form).reduce((sum, one) => sum + (one.think ?? form.think) + (one.answer ?? form.answer), 0);
  return Math.ceil(seconds / 60);
}

export const questionCount = (form: InterviewForm): number => written(form).length;
