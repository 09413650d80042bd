import { describe, expect, it } from 'vitest';
import type { Me } from '../../api/types';
import { destination } from './destination';

const me = (landing: Me['landing']) => ({ landing }) as Me;

describe('destination', () => {
  it('keeps a code', () => expect(destination(me('candidate'), new URLSearchParams('code=123456'))).toBe('/candidates/dashboard?code=123456'));
  it('goes back to a page of this app', () => expect(destination(me('staff'), new URLSearchParams('next=/sessions/1/review'))).toBe('/sessions/1/review'));
  it.each(['//evil.test', 'https://evil.test', '/\\evil.test'])('never leaves for %s', (next) =>
    expect(destination(me('staff'), new URLSearchParams({ next }))).toBe('/sessions'),
  );
  it('lands by role', () => expect(destination(me('candidate'), new URLSearchParams())).toBe('/candidates/dashboard'));
});
