import { Alert } from '@mantine/core';
import { ApiError, errorCode } from '../../api/errors';
import { questions as words } from '../../text/questions';
import { ErrorNote } from '../../ui/ErrorNote';

/** A refused change; what the server says about who uses a thing is more than its code says. */
export function Refusal({ error }: { error: unknown }) {
  const code = errorCode(error);
  if (code === 'stale_version' || (code === 'in_use' && error instanceof ApiError)) {
    return (
      <Alert color="yellow" variant="light" role="alert" data-error={code}>
        {code === 'stale_version' ? words.stale : (error as ApiError).detail}
      </Alert>
    );
  }
  if (error instanceof ApiError && error.problems.length > 0) {
    return (
      <Alert color="red" variant="light" role="alert" data-error={code}>
        {error.problems.join(' ')}
      </Alert>
    );
  }
  return <ErrorNote error={error} />;
}
