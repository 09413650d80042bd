import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useSignInWays } from '../../api/queries/account';
import { useSignIn } from '../../api/queries/auth';
import { text } from '../../text';
import { CardPage } from '../../ui/CardPage';
import { ErrorNote } from '../../ui/ErrorNote';
import { destination } from './destination';
import { emailError } from './validate';

export default function SignIn() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const signIn = useSignIn();
  const ways = useSignInWays();
  const problem = params.get('problem');
  const code = params.get('code');
  const next = params.get('next') ?? (code ? `/candidates/dashboard?${new URLSearchParams({ code }).toString()}` : '/');
  const wrongEmail = emailError(email);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrongEmail || password === '') return;
    signIn.mutate({ email: email.trim(), password }, { onSuccess: (me) => void navigate(destination(me, params), { replace: true }) });
  };

  return (
    <CardPage
      title={text.auth.signInTitle}
      lead={text.auth.signInLead}
      footer={
        <>
          {text.auth.noAccount}{' '}
          <Anchor component={Link} to={`/sign-up?${params.toString()}`}>
            {text.auth.toSignUp}
          </Anchor>
        </>
      }
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={text.auth.email}
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={tried && wrongEmail}
            required
            withAsterisk={false}
            size="md"
          />
          <PasswordInput
            label={text.auth.password}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={tried && password === '' && text.auth.passwordMissing}
            required
            withAsterisk={false}
            size="md"
          />
          <Anchor component={Link} to="/forgot-password" size="sm">
            {text.auth.forgot}
          </Anchor>
          <ErrorNote error={signIn.error ?? (problem && signIn.isIdle ? { code: problem } : null)} />
          <Button type="submit" size="md" loading={signIn.isPending}>
            {text.auth.signIn}
          </Button>
          {ways.data?.oidc_name && (
            <Button component="a" href={`/api/v1/auth/oidc/start?${new URLSearchParams({ next }).toString()}`} variant="default" size="md">
              {text.auth.with(ways.data.oidc_name)}
            </Button>
          )}
        </Stack>
      </form>
    </CardPage>
  );
}
