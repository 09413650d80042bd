import { expect, it } from 'vitest';
import { tagNames } from './tagNames';

it('splits what was pasted and keeps one spelling of each', () => {
  expect(tagNames(['web,', ' SQL ; web', 'Web', 'two   words'])).toEqual(['Web', 'SQL', 'two words']);
});
