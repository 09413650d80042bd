import createClient from 'openapi-fetch';
import { ApiError, toApiError } from './errors';
import type { paths } from './generated/schema';
import { withRefresh } from './refresh';

async function fetchOnce(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('offline', 'The server could not be reached', 0);
  }
}

/** The typed client of the server's OpenAPI document; cookies carry the sign-in. */
export const client = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: withRefresh(fetchOnce, window.location.origin),
});

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful call; throws ApiError otherwise. */
export async function unwrap<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw toApiError(response, error);
  return data as T;
}
