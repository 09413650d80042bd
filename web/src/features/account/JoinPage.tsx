import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { useColleagueInvitation, useJoin } from '../../api/queries/account';
import { text } from '../../text';
import { account as words } from '../../text/account';
import { admin } from '../../text/admin';
import { CardPage } from '../../ui/CardPage';
import { ErrorNote } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';
import { Loading } from '../../ui/States';
import { mailedToken } from './mailed';

/** Where a colleague's invitation leads. */
export default function JoinPage() {
  const token = mailedToken(useLocation().hash);
  const navigate = useNavigate();
  const invitation = useColleagueInvitation(token);
  const join = useJoin();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const found = invitation.data;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const own = found?.needs_password ? { full_name: name.trim(), password } : { full_name: null, password: null };
    join.mutate({ token, ...own }, { onSuccess: (joined) => joined.signed_in && void navigate('/', { replace: true }) });
  };
  return (
    <CardPage title={words.joinTitle} lead={found ? words.joinLead(found.organisation_name, found.email) : ''}>
      {invitation.isPending && <Loading />}
      <ErrorNote error={invitation.error} />
      {join.data && !join.data.signed_in && (
        <Stack gap="md">
          <Note tone="good" card>
            {words.joined}
          </Note>
          <Button component={Link} to="/" size="md">
            {words.toStart}
          </Button>
        </Stack>
      )}
      {found && !join.data && (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <Text>
              {admin.role}: {admin.roles[found.role]}
            </Text>
            {found.needs_password && (
              <>
                <TextInput label={text.auth.fullName} autoComplete="name" size="md" value={name} onChange={(event) => setName(event.currentTarget.value)} />
                <PasswordInput
                  label={words.password}
                  description={text.auth.passwordHint}
                  autoComplete="new-password"
                  size="md"
                  value={password}
                  onChange={(event) => setPassword(event.currentTarget.value)}
                />
              </>
            )}
            <ErrorNote error={join.error} />
            <Button type="submit" size="md" loading={join.isPending}>
              {words.join}
            </Button>
          </Stack>
        </form>
      )}
    </CardPage>
  );
}
