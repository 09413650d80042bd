import type { Me } from '../../api/types';

/** Where to go after signing in: back to where one came from, on with a code, or to the landing page. */
export function destination(me: Me, params: URLSearchParams): string {
  const code = params.get('code');
  if (code) return `/candidates/dashboard?code=${encodeURIComponent(code)}`;
  const next = params.get('next');
  // Only paths of this app: never another site's address.
  if (next && /^\/(?![/\\])/.test(next)) return next;
  return me.landing === 'staff' ? '/sessions' : '/candidates/dashboard';
}
