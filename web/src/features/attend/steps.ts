import type { SessionDetail } from '../../api/types';
import { text } from '../../text';

/** What comes before the first question or the room, in words. */
export function stepsOf({ interview }: SessionDetail): string[] {
  const { consent, check, practice } = text.attend.steps;
  return interview.kind === 'one_way' && interview.practice_question ? [consent, check, practice] : [consent, check];
}
