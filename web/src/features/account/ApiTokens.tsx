import { Alert, Anchor, Button, Code, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { Link } from 'react-router';
import { useApiTokens, useMakeApiToken, useRevokeApiToken } from '../../api/queries/account';
import type { ApiToken } from '../../api/types';
import { account as words } from '../../text/account';
import { CopyText } from '../../ui/CopyText';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Loading } from '../../ui/States';
import classes from './account.module.css';

const SCOPES = [
  { value: 'read', label: words.scope.read },
  { value: 'write', label: words.scope.write },
];

function TokenRow({ token }: { token: ApiToken }) {
  const revoke = useRevokeApiToken();
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Text size="sm" fw={600} className={classes.agent}>
          {token.name}
        </Text>
        <Text size="sm" c="dimmed">
          {words.scope[token.scope]} · {words.expires} <Moment iso={token.expires_at} inherit /> ·{' '}
          {token.last_used_at ? (
            <>
              {words.lastUsed} <Moment iso={token.last_used_at} inherit />
            </>
          ) : (
            words.neverUsed
          )}
        </Text>
        <ErrorNote error={revoke.error} />
      </div>
      <Button variant="default" size="sm" loading={revoke.isPending} onClick={() => revoke.mutate(token.id)} aria-label={words.revokeOf(token.name)}>
        {words.revoke}
      </Button>
    </li>
  );
}

/** The tokens of my programs: making one shows its text once. */
export function ApiTokens() {
  const tokens = useApiTokens();
  const make = useMakeApiToken();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<'read' | 'write'>('read');
  const [days, setDays] = useState(90);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    make.mutate({ name, scope, lifetime_days: days }, { onSuccess: () => setName('') });
  };
  return (
    <Stack gap="md">
      <Anchor component={Link} to="/api/docs" size="sm">
        {words.apiDocs}
      </Anchor>
      {tokens.isPending && <Loading />}
      <ErrorNote error={tokens.error} />
      {tokens.data?.length === 0 && <Text size="sm">{words.noTokens}</Text>}
      <ul className={classes.rows}>
        {tokens.data?.map((token) => (
          <TokenRow key={token.id} token={token} />
        ))}
      </ul>
      {make.data?.token && (
        <Alert variant="light" role="status" title={words.tokenMade}>
          <Group gap="xs" wrap="nowrap">
            <Code className={classes.agent} data-testid="api-token">
              {make.data.token}
            </Code>
            <CopyText value={make.data.token} label={words.copyToken} />
          </Group>
        </Alert>
      )}
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <div className={classes.form}>
            <TextInput label={words.tokenName} maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <NativeSelect label={words.tokenScope} data={SCOPES} value={scope} onChange={(event) => setScope(event.currentTarget.value === 'write' ? 'write' : 'read')} />
            <NumberInput label={words.tokenDays} min={1} max={365} value={days} onChange={(value) => setDays(Number(value) || 90)} />
          </div>
          <ErrorNote error={make.error} />
          <Group>
            <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
              {words.makeToken}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}
