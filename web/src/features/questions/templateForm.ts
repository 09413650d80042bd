import type { Template, WriteTemplate } from '../../api/types';
import { apportion } from '../../core/apportion';
import { questions as words } from '../../text/questions';

/** Number fields are empty strings while they are empty. */
type Amount = number | string;

export interface TemplateForm {
  name: string;
  description: string;
  difficulty: number;
  count: Amount;
  duration: Amount;
  easy: Amount;
  medium: Amount;
  hard: Amount;
  bankIds: string[];
  tags: string[];
  guide: string;
}

export function formOf(template: Template | null): TemplateForm {
  return {
    name: template?.name ?? '',
    description: template?.description ?? '',
    difficulty: template?.difficulty ?? 3,
    count: template?.question_count ?? 6,
    duration: template?.duration_minutes ?? 30,
    easy: template?.easy_percent ?? 33,
    medium: template?.medium_percent ?? 34,
    hard: template?.hard_percent ?? 33,
    bankIds: template?.banks.map(({ id }) => id) ?? [],
    tags: template?.tags.map(({ name }) => name) ?? [],
    guide: template?.interview_guide ?? '',
  };
}

const number = (amount: Amount): number => (typeof amount === 'number' ? amount : 0);

const percents = (form: TemplateForm): [number, number, number] => [number(form.easy), number(form.medium), number(form.hard)];

export const percentSum = (form: TemplateForm): number => percents(form).reduce((sum, percent) => sum + percent, 0);

/** How many easy, medium and hard questions the form asks for; null while it does not add up. */
export const spreadOf = (form: TemplateForm): [number, number, number] | null =>
  percentSum(form) === 100 && number(form.count) > 0 ? (apportion(number(form.count), percents(form)) as [number, number, number]) : null;

/** Whether it can be saved, apart from the name. */
export const complete = (form: TemplateForm): boolean => spreadOf(form) !== null && number(form.duration) > 0;

export const nameProblem = (form: TemplateForm): string | null => (form.name.trim() === '' ? words.nameMissing : null);

/** The request the form stands for. */
export function templateBody(form: TemplateForm): WriteTemplate {
  const [easy_percent, medium_percent, hard_percent] = percents(form);
  return {
    name: form.name.trim(),
    description: form.description.trim(),
    difficulty: form.difficulty,
    question_count: number(form.count),
    easy_percent,
    medium_percent,
    hard_percent,
    duration_minutes: number(form.duration),
    bank_ids: form.bankIds,
    tags: form.tags,
    interview_guide: form.guide.trim(),
  };
}
