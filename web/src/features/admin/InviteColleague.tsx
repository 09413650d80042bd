import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useInviteColleague } from '../../api/queries/admin';
import type { StaffRole } from '../../api/types';
import { admin as words } from '../../text/admin';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { ROLES, staffRole } from './roles';

/** Mails somebody a link to join the organisation. */
export function InviteColleague({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<StaffRole>('recruiter');
  const invite = useInviteColleague();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    invite.mutate({ email: email.trim(), role }, { onSuccess: onClose });
  };
  return (
    <Dialog title={words.invite} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label={words.email} type="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-autofocus />
          <NativeSelect label={words.role} data={ROLES} value={role} onChange={(event) => setRole(staffRole(event.currentTarget.value) ?? role)} />
          <ErrorNote error={invite.error} />
          <Button type="submit" loading={invite.isPending} disabled={email.trim() === ''}>
            {words.send}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
