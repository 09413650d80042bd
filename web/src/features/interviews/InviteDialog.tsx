import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { useInvite } from '../../api/queries/invites';
import type { Interview } from '../../api/types';
import { newKey } from '../../core/key';
import { interviews as words } from '../../text/interviews';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Codes } from './Codes';
import { InviteList, useLookedOver } from './InviteList';

/** Invites people to an interview; each code is shown once. */
export function InviteDialog({ interview, onClose }: { interview: Interview; onClose: () => void }) {
  const [pasted, setPasted] = useState('');
  // Another list is another request; the same one sent twice is sent once.
  const [key, setKey] = useState(newKey);
  const looked = useLookedOver(interview.id, pasted);
  const invite = useInvite(interview.id);
  const paste = (next: string) => {
    setPasted(next);
    setKey(newKey());
  };
  const send = () => invite.mutate({ pasted, key }, { onSuccess: () => paste('') });
  return (
    <Dialog title={words.inviteTitle(interview.title)} width={640} onClose={onClose}>
      <Stack gap="lg">
        <InviteList pasted={pasted} onChange={paste} looked={looked} />
        <ErrorNote error={invite.error} />
        <Button onClick={send} loading={invite.isPending} disabled={!looked.fine}>
          {words.send(Math.max(1, looked.fine ?? 1))}
        </Button>
        {invite.data && <Codes invites={invite.data.items} />}
      </Stack>
    </Dialog>
  );
}
