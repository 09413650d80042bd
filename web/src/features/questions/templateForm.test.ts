import { describe, expect, it } from 'vitest';
import { complete, formOf, nameProblem, percentSum, spreadOf, templateBody } from './templateForm';

describe('the form of a template', () => {
  const fresh = formOf(null);

  it('starts with thirds that add up', () => {
    expect(percentSum(fresh)).toBe(100);
    expect(spreadOf(fresh)).toEqual([2, 2, 2]);
    expect(nameProblem(fresh)).not.toBeNull();
    expect(nameProblem({ ...fresh, name: ' A ' })).toBeNull();
  });

  it.each([{ easy: 34 }, { easy: '' }, { count: '' }, { duration: '' }, { count: 0 }])('is not complete with %j', (change) => {
    expect(complete(fresh)).toBe(true);
    expect(complete({ ...fresh, ...change })).toBe(false);
  });

  it('becomes the request and comes back', () => {
    const body = templateBody({ ...fresh, name: ' A ', guide: ' g ', tags: ['t'] });
    expect(body).toMatchObject({ name: 'A', interview_guide: 'g', easy_percent: 33, medium_percent: 34, hard_percent: 33, tags: ['t'] });
  });
});
