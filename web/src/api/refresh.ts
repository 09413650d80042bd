type Fetch = (request: Request) => Promise<Response>;

const REFRESH_PATH = '/api/v1/auth/refresh';
/** These answer 401 for their own reasons: refreshing would not help. */
const NEVER_RETRIED = '/api/v1/auth/';

/**
 * Wraps fetch so that a 401 refreshes the sign-in once and repeats the request.
 * Requests that fail together share one refresh, since a refresh token may be used only once.
 */
export function withRefresh(fetchOnce: Fetch, origin: string): Fetch {
  let refreshing: Promise<boolean> | null = null;

  const refresh = (): Promise<boolean> => {
    refreshing ??= fetchOnce(new Request(origin + REFRESH_PATH, { method: 'POST' }))
      .then((response) => response.ok)
      .catch(() => false)
      .finally(() => (refreshing = null));
    return refreshing;
  };

  return async (request) => {
    const again = request.clone();
    const response = await fetchOnce(request);
    if (response.status !== 401 || request.url.includes(NEVER_RETRIED)) return response;
    return (await refresh()) ? fetchOnce(again) : response;
  };
}
