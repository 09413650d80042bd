import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { lazy, Suspense, useState, type SyntheticEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useSignInWays } from '../../api/queries/account';
import { useSignIn } from '../../api/queries/auth';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import { OfflineBanner } from '../../ui/Offline';
import { SchemeToggle } from '../../ui/SchemeToggle';
import { destination } from './destination';
import classes from './SignIn.module.css';
import { emailError } from './validate';

// Only seen where there is room beside the form.
const Picture = lazy(() => import('./Picture'));

export default function SignIn() {
  useDocumentTitle(`${text.auth.signInTitle} · ${text.common.product}`);
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
    <div className={classes.page}>
      <div className={classes.side}>
        <OfflineBanner />
        <header className={classes.brand}>
          <span>
            <img src="/icon.svg" alt="" width={24} height={24} />
            {text.common.product}
          </span>
          <SchemeToggle />
        </header>
        <main className={classes.form} id="main">
          <h1>{text.auth.signInTitle}</h1>
          <p className={classes.lead}>{text.auth.signInLead}</p>
          <form onSubmit={submit} noValidate className={classes.fields}>
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
            <ErrorNote error={signIn.error ?? (problem && signIn.isIdle ? { code: problem } : null)} />
            <Button type="submit" size="md" className={classes.button} loading={signIn.isPending}>
              {text.auth.signIn}
            </Button>
            {ways.data?.oidc_name && (
              <>
                <span className={classes.or}>{text.auth.or}</span>
                <Button
                  component="a"
                  href={`/api/v1/auth/oidc/start?${new URLSearchParams({ next }).toString()}`}
                  variant="default"
                  size="md"
                  className={classes.button}
                >
                  {text.auth.with(ways.data.oidc_name)}
                </Button>
              </>
            )}
            <Anchor component={Link} to="/forgot-password" size="sm">
              {text.auth.forgot}
            </Anchor>
          </form>
          <div className={classes.invited}>
            <div>
              <b>{text.auth.wereYouInvited}</b>
              <span>{text.auth.noAccount}</span>
            </div>
            <Button component={Link} to={`/sign-up?${params.toString()}`} variant="default">
              {text.auth.signUp}
            </Button>
          </div>
        </main>
      </div>
      <Suspense fallback={<div className={classes.shown} />}>
        <Picture />
      </Suspense>
    </div>
  );
}
