import { describe, expect, it } from 'vitest';
import { withRefresh } from './refresh';

const ORIGIN = 'http://viva.test';

function server(refreshWorks: boolean) {
  const seen: string[] = [];
  let signedIn = false;
  const fetchOnce = async (request: Request): Promise<Response> => {
    await Promise.resolve();
    const path = new URL(request.url).pathname;
    seen.push(path);
    if (path.endsWith('/auth/refresh')) {
      signedIn = refreshWorks;
      return new Response(null, { status: refreshWorks ? 200 : 401 });
    }
    return new Response(null, { status: signedIn ? 200 : 401 });
  };
  return { seen, fetch: withRefresh(fetchOnce, ORIGIN) };
}

describe('withRefresh', () => {
  it('refreshes once for requests that fail together', async () => {
    const { seen, fetch } = server(true);
    const responses = await Promise.all([fetch(new Request(`${ORIGIN}/api/v1/me`)), fetch(new Request(`${ORIGIN}/api/v1/sessions`))]);
    expect(responses.map((response) => response.status)).toEqual([200, 200]);
    expect(seen.filter((path) => path.endsWith('/refresh'))).toHaveLength(1);
  });

  it('gives the 401 back when the refresh is refused', async () => {
    const { seen, fetch } = server(false);
    expect((await fetch(new Request(`${ORIGIN}/api/v1/me`))).status).toBe(401);
    expect(seen).toHaveLength(2);
  });

  it('never refreshes for the sign-in itself', async () => {
    const { seen, fetch } = server(true);
    await fetch(new Request(`${ORIGIN}/api/v1/auth/sign-in`, { method: 'POST' }));
    expect(seen).toEqual(['/api/v1/auth/sign-in']);
  });
});
