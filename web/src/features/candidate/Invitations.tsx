import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from 'react-router';
import { useBegin } from '../../api/queries/candidate';
import type { CandidateInvitation } from '../../api/types';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';

function InvitationCard({ invitation }: { invitation: CandidateInvitation }) {
  const navigate = useNavigate();
  const begin = useBegin();
  const go = () => begin.mutate(invitation.id, { onSuccess: (session) => void navigate(`/sessions/${session.id}/consent`) });
  return (
    <Card withBorder padding="lg" radius="lg" component="article" data-testid="open-invitation">
      <Stack gap="md">
        <div>
          <Title order={3} size="h2">
            {invitation.title}
          </Title>
          <Text c="dimmed" size="sm">
            {text.candidate.by(invitation.organisation_name)}
          </Text>
        </div>
        <ErrorNote error={begin.error} />
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {text.candidate.until} <Moment iso={invitation.expires_at} />
          </Text>
          <Button loading={begin.isPending} onClick={go} data-testid="begin">
            {text.candidate.begin}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

/** What one's own confirmed address is invited to and has not begun: that needs no code. */
export function Invitations({ items }: { items: readonly CandidateInvitation[] }) {
  return (
    <Stack gap="md" component="section" aria-label={text.candidate.invited}>
      <Title order={2}>{text.candidate.invited}</Title>
      {items.map((invitation) => (
        <InvitationCard key={invitation.id} invitation={invitation} />
      ))}
    </Stack>
  );
}
