import { Button, PasswordInput, Stack } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { Link, useLocation } from 'react-router';
import { useResetPassword } from '../../api/queries/account';
import { text } from '../../text';
import { account as words } from '../../text/account';
import { CardPage } from '../../ui/CardPage';
import { ErrorNote } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';
import { mailedToken } from './mailed';

/** Where the mailed link leads: a new password. */
export default function ResetPage() {
  const token = mailedToken(useLocation().hash);
  const [password, setPassword] = useState('');
  const reset = useResetPassword();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    reset.mutate({ token, password });
  };
  return (
    <CardPage title={words.resetTitle} lead={words.resetLead}>
      {reset.isSuccess ? (
        <Stack gap="md">
          <Note tone="good" card testId="reset-done">
            {words.resetDone}
          </Note>
          <Button component={Link} to="/sign-in" size="md">
            {text.auth.signIn}
          </Button>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <PasswordInput
              label={words.next}
              description={text.auth.passwordHint}
              autoComplete="new-password"
              size="md"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <ErrorNote error={reset.error} />
            <Button type="submit" size="md" loading={reset.isPending}>
              {words.resetSave}
            </Button>
          </Stack>
        </form>
      )}
    </CardPage>
  );
}
