/** A refusal with a stable code, from the server or from the network itself (`offline`). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status: number,
    /** Seconds to wait before trying again, when the server said so. */
    readonly retryAfterSeconds: number | null = null,
    /** What is wrong with which field, in the server's words. */
    readonly problems: readonly string[] = [],
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ApiError';
  }
}

/** The stable code of anything thrown by a query; `unknown` when it is not ours. */
export function errorCode(error: unknown): string {
  return error instanceof ApiError ? error.code : 'unknown';
}

function field(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : null;
}

function problems(body: unknown): string[] {
  const detail: unknown = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : null;
  return Array.isArray(detail) ? detail.flatMap((each) => field(each, 'problem') ?? []) : [];
}

/** Turns a failed response and its parsed body into an ApiError. */
export function toApiError(response: Response, body: unknown): ApiError {
  const retryAfter = Number(response.headers.get('Retry-After'));
  return new ApiError(
    field(body, 'error') ?? (response.status >= 500 ? 'internal' : 'unknown'),
    field(body, 'detail') ?? response.statusText,
    response.status,
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
    problems(body),
  );
}
