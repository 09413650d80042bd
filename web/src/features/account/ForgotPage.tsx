import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { Link } from 'react-router';
import { useMailReset } from '../../api/queries/account';
import { text } from '../../text';
import { account as words } from '../../text/account';
import { CardPage } from '../../ui/CardPage';
import { ErrorNote } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';

/** Asks for the mail with which a new password is chosen. */
export default function ForgotPage() {
  const [email, setEmail] = useState('');
  const mail = useMailReset();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (email.trim()) mail.mutate(email.trim());
  };
  return (
    <CardPage
      title={words.forgotTitle}
      lead={words.forgotLead}
      footer={
        <Anchor component={Link} to="/sign-in">
          {text.auth.toSignIn}
        </Anchor>
      }
    >
      {mail.isSuccess ? (
        <Note tone="good" card testId="reset-mailed">
          {words.forgotSent}
        </Note>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <TextInput
              label={text.auth.email}
              type="email"
              autoComplete="username"
              size="md"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <ErrorNote error={mail.error} />
            <Button type="submit" size="md" loading={mail.isPending}>
              {words.forgotSend}
            </Button>
          </Stack>
        </form>
      )}
    </CardPage>
  );
}
