import { Alert, Badge, Button, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { useChangePassword, useEndSignIn, useMailReset, useSignIns, useSignOutEverywhere } from '../../api/queries/account';
import { useMe } from '../../api/queries/auth';
import type { Me, OwnSignIn } from '../../api/types';
import { browserName } from '../../core/browserName';
import { text } from '../../text';
import { account as words } from '../../text/account';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { Loading } from '../../ui/States';
import classes from './account.module.css';
import { ApiTokens } from './ApiTokens';

export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <Paper withBorder radius="lg" p="lg" component="section">
      <Stack gap="md">
        <div>
          <Title order={2}>{title}</Title>
          {hint && (
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Paper>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useChangePassword();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const clear = () => {
      setCurrent('');
      setNext('');
    };
    change.mutate({ current_password: current, new_password: next }, { onSuccess: clear });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={400}>
        <PasswordInput label={words.current} autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.currentTarget.value)} />
        <PasswordInput
          label={words.next}
          description={text.auth.passwordHint}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <ErrorNote error={change.error} />
        {change.isSuccess && (
          <Alert variant="light" role="status" data-testid="password-changed">
            {words.changed}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={change.isPending}>
            {words.change}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function NoPassword({ me }: { me: Me }) {
  const mail = useMailReset();
  return (
    <Stack gap="md">
      <Text>{mail.isSuccess ? words.forgotSent : words.passwordNone}</Text>
      <ErrorNote error={mail.error} />
      <Group>
        <Button variant="default" loading={mail.isPending} onClick={() => mail.mutate(me.user.email)}>
          {words.forgotSend}
        </Button>
      </Group>
    </Stack>
  );
}

function SignInRow({ one }: { one: OwnSignIn }) {
  const end = useEndSignIn();
  const browser = browserName(one.user_agent ?? '') ?? words.unknownBrowser;
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Text size="sm" title={one.user_agent ?? undefined}>
          {browser}
        </Text>
        <Text size="sm" c="dimmed">
          {one.ip} · {words.lastUsed} <Moment iso={one.last_used_at} inherit />
        </Text>
        <ErrorNote error={end.error} />
      </div>
      {one.is_this_one ? (
        <Badge variant="light" tt="none" flex="none">
          {words.thisOne}
        </Badge>
      ) : (
        <Button variant="default" size="sm" flex="none" loading={end.isPending} onClick={() => end.mutate(one.id)} aria-label={words.endOf(browser)}>
          {words.end}
        </Button>
      )}
    </li>
  );
}

function SignIns() {
  const signIns = useSignIns();
  const everywhere = useSignOutEverywhere();
  return (
    <Stack gap="md">
      {signIns.isPending && <Loading />}
      <ErrorNote error={signIns.error ?? everywhere.error} />
      <ul className={classes.rows}>
        {signIns.data?.map((one) => (
          <SignInRow key={one.id} one={one} />
        ))}
      </ul>
      <Group>
        <Button variant="default" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
          {words.everywhere}
        </Button>
      </Group>
    </Stack>
  );
}

/** My password, my sign-ins, and for staff the tokens of my programs. */
export default function AccountPage() {
  const { data: me } = useMe();
  if (!me) return null;
  return (
    <Page title={words.title} lead={me.user.email} width={720}>
      <Section title={words.password}>{me.user.has_password ? <Password /> : <NoPassword me={me} />}</Section>
      <Section title={words.signIns}>
        <SignIns />
      </Section>
      {me.landing === 'staff' && (
        <Section title={words.tokens} hint={words.tokensHint}>
          <ApiTokens />
        </Section>
      )}
    </Page>
  );
}
