import { Button, Card, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconCheck, IconDownload, IconTrash } from '@tabler/icons-react';
import { useState, type SyntheticEvent } from 'react';
import { useMe, useSignOut } from '../../api/queries/auth';
import { useDownload, useErasure } from '../../api/queries/mydata';
import { text } from '../../text';
import { mydata as words } from '../../text/mydata';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { Message } from '../../ui/States';

type Erasure = ReturnType<typeof useErasure>;

function Confirm({ email, erasure, onClose }: { email: string; erasure: Erasure; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const same = typed.trim().toLowerCase() === email.toLowerCase();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (same) erasure.mutate(typed.trim());
  };
  return (
    <Dialog title={words.confirmTitle} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <Text style={{ overflowWrap: 'anywhere' }}>{words.confirmLead(email)}</Text>
          <TextInput
            label={words.email}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            data-testid="erase-email"
          />
          <ErrorNote error={erasure.error} />
          <Button type="submit" color="red" disabled={!same} loading={erasure.isPending} data-testid="erase-confirm">
            {words.erase}
          </Button>
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

function Erased({ dueAt, staff }: { dueAt: string; staff: boolean }) {
  const signOut = useSignOut();
  return (
    <Message title={words.erased} icon={<IconCheck size={28} />} color="viva">
      <Text ta="center">
        {words.erasedLead} <Moment iso={dueAt} />. {staff ? words.keepsAccount : words.account}
      </Text>
      {!staff && (
        <Button loading={signOut.isPending} onClick={() => signOut.mutate()} data-testid="erased-leave">
          {words.goodbye}
        </Button>
      )}
    </Message>
  );
}

/** What is stored about me: download it, or have it deleted. */
export default function MyDataPage() {
  const { data: me } = useMe();
  const [asking, setAsking] = useState(false);
  const download = useDownload();
  const erasure = useErasure();
  const staff = me?.landing === 'staff';

  if (erasure.data) {
    return (
      <Page title={words.title} width={800}>
        <Erased dueAt={erasure.data.due_at} staff={staff} />
      </Page>
    );
  }
  return (
    <Page title={words.title} lead={words.lead} width={800}>
      <Card withBorder padding="lg" radius="lg">
        <Stack gap="md" align="flex-start">
          <Title order={2}>{words.downloadTitle}</Title>
          <Text>{words.downloadLead}</Text>
          <ErrorNote error={download.error} />
          <Button leftSection={<IconDownload size={18} />} loading={download.isPending} onClick={() => download.mutate()} data-testid="download-data">
            {words.download}
          </Button>
        </Stack>
      </Card>
      <Card withBorder padding="lg" radius="lg">
        <Stack gap="md" align="flex-start">
          <Title order={2}>{words.eraseTitle}</Title>
          <Text>
            {words.eraseLead} {staff ? words.keepsAccount : words.account}
          </Text>
          <Button color="red" variant="light" leftSection={<IconTrash size={18} />} onClick={() => setAsking(true)} data-testid="erase-data">
            {words.erase}
          </Button>
        </Stack>
      </Card>
      {asking && me && <Confirm email={me.user.email} erasure={erasure} onClose={() => setAsking(false)} />}
    </Page>
  );
}
