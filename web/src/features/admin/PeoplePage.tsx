import { Badge, Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useChangeMember, useColleagueInvites, useMembers, useWithdrawInvite } from '../../api/queries/admin';
import type { Member } from '../../api/types';
import { admin as words } from '../../text/admin';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import classes from './admin.module.css';
import { InviteColleague } from './InviteColleague';
import { ROLES, staffRole } from './roles';

function Row({ member }: { member: Member }) {
  const change = useChangeMember();
  const role = staffRole(member.role);
  return (
    <li className={classes.row} data-testid="member">
      <div className={classes.what}>
        <Group gap="xs">
          <Text fw={600}>{member.full_name}</Text>
          {!member.is_active && (
            <Badge variant="light" color="gray" tt="none">
              {words.inactive}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className={classes.email}>
          {member.email}
          {!member.is_verified && ` · ${words.unverified}`}
        </Text>
        <Text size="sm" c="dimmed">
          {member.last_login_at ? (
            <>
              {words.lastLogin} <Moment iso={member.last_login_at} inherit />
            </>
          ) : (
            words.never
          )}
        </Text>
        <ErrorNote error={change.error} />
      </div>
      <Group gap="xs">
        {role ? (
          <NativeSelect
            aria-label={words.roleOf(member.full_name)}
            data={ROLES}
            value={role}
            disabled={!member.is_active || change.isPending}
            onChange={(event) => {
              const chosen = staffRole(event.currentTarget.value);
              if (chosen) change.mutate({ id: member.id, role: chosen });
            }}
          />
        ) : (
          <Text size="sm">{words.roles[member.role]}</Text>
        )}
        <Button
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate({ id: member.id, is_active: !member.is_active })}
          aria-label={member.is_active ? words.deactivateOf(member.full_name) : words.activateOf(member.full_name)}
        >
          {member.is_active ? words.deactivate : words.activate}
        </Button>
      </Group>
    </li>
  );
}

function OpenInvites() {
  const invites = useColleagueInvites();
  const withdraw = useWithdrawInvite();
  if (invites.isError) return <ErrorNote error={invites.error} />;
  if (!invites.data?.length) return null;
  return (
    <Stack gap="xs" component="section">
      <Title order={2}>{words.open}</Title>
      <Paper withBorder radius="lg" component="ul" className={classes.rows}>
        {invites.data.map((invite) => (
          <li className={classes.row} key={invite.id} data-testid="colleague-invite">
            <div className={classes.what}>
              <Text className={classes.email}>{invite.email}</Text>
              <Text size="sm" c="dimmed">
                {words.roles[invite.role]} · {invite.is_expired ? words.expired : <Moment iso={invite.expires_at} inherit />}
              </Text>
            </div>
            <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate(invite.id)} aria-label={words.withdrawOf(invite.email)}>
              {words.withdraw}
            </Button>
          </li>
        ))}
      </Paper>
      <ErrorNote error={withdraw.error} />
    </Stack>
  );
}

/** The people of the organisation, for its administrators. */
export default function PeoplePage() {
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), 250);
  const members = useMembers(wanted);
  const [inviting, setInviting] = useState(false);
  const found = members.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={words.people}
      lead={words.peopleLead}
      actions={
        <Button leftSection={<IconUserPlus size={18} />} onClick={() => setInviting(true)}>
          {words.invite}
        </Button>
      }
    >
      <TextInput aria-label={words.search} placeholder={words.search} maxLength={200} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      {members.isPending && <Loading />}
      {members.isError && <ErrorState error={members.error} onRetry={() => void members.refetch()} />}
      {members.isSuccess && found.length === 0 && <Text>{words.nobody}</Text>}
      {found.length > 0 && (
        <Paper withBorder radius="lg" component="ul" className={classes.rows}>
          {found.map((member) => (
            <Row key={member.id} member={member} />
          ))}
        </Paper>
      )}
      {members.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
            {words.more}
          </Button>
        </Group>
      )}
      <OpenInvites />
      {inviting && <InviteColleague onClose={() => setInviting(false)} />}
    </Page>
  );
}
