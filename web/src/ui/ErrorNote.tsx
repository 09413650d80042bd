import { ApiError } from '../api/errors';
import { text } from '../text';
import { Note } from './Note';

/** Code and words of whatever was thrown by a call or by the socket. */
export function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof ApiError && error.code === 'too_many_attempts') {
    return { code: error.code, message: text.errors.tooManyAttempts(error.retryAfterSeconds) };
  }
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  // A code newer than this page still carries the server's own words.
  const message = error instanceof ApiError && !text.errors.known(code) ? error.detail : text.errors.byCode(code);
  return { code, message };
}

/** A refusal beside what caused it: what happened and what to do. */
export function ErrorNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const { code, message } = describeError(error);
  return <Note code={code}>{message}</Note>;
}
