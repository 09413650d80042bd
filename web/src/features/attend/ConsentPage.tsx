import { Button, Checkbox, Collapse, Group, List, Paper, Stack, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconEye, IconHourglass, IconLogout2, IconUsers, IconVideo } from '@tabler/icons-react';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { sessionQuery, useGiveConsent } from '../../api/queries/session';
import { errorCode } from '../../api/errors';
import { useQueryClient } from '@tanstack/react-query';
import { useDetail } from '../../session/useDetail';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import type { SessionDetail } from '../../api/types';

const words = text.attend.consent;

function Section({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <Group align="flex-start" wrap="nowrap" gap="md" component="section">
      <Text span c="var(--mantine-primary-color-filled)" mt={2} aria-hidden>
        {icon}
      </Text>
      <Stack gap={4} flex={1}>
        <Title order={3}>{title}</Title>
        {children}
      </Stack>
    </Group>
  );
}

function Explanation({ session }: { session: SessionDetail }) {
  const [full, setFull] = useState(false);
  const { consent, organisation } = session;
  return (
    <Stack gap="lg">
      <Section icon={<IconVideo size={22} />} title={words.recordedTitle}>
        <Text>{session.kind === 'one_way' ? words.recorded : words.recordedLive}</Text>
      </Section>
      <Section icon={<IconEye size={22} />} title={words.watchedTitle}>
        <Text>{words.watched}</Text>
        <List size="sm" spacing={4} my="xs" data-testid="consent-event-types">
          {consent.event_types.map((type) => (
            <List.Item key={type}>{text.events.explained(type)}</List.Item>
          ))}
        </List>
        <Text>{words.notWatched}</Text>
      </Section>
      <Section icon={<IconUsers size={22} />} title={words.whoTitle}>
        <Text>{words.who(organisation.name)}</Text>
      </Section>
      <Section icon={<IconHourglass size={22} />} title={words.keptTitle}>
        <Text>{words.kept(consent.retention_days)}</Text>
      </Section>
      <Section icon={<IconLogout2 size={22} />} title={words.withdrawTitle}>
        <Text>{words.withdraw}</Text>
      </Section>
      {consent.text && (
        <div>
          <UnstyledButton onClick={() => setFull(!full)} aria-expanded={full}>
            <Group gap={6}>
              <IconChevronDown size={16} style={{ transform: full ? 'rotate(180deg)' : 'none' }} />
              <Text size="sm" fw={600}>
                {words.fullText}
              </Text>
            </Group>
          </UnstyledButton>
          <Collapse expanded={full}>
            <Text size="sm" c="dimmed" mt="xs" style={{ whiteSpace: 'pre-line' }}>
              {consent.text}
            </Text>
          </Collapse>
        </div>
      )}
    </Stack>
  );
}

/** What happens with picture and voice, in plain words, before anything is captured. */
export default function ConsentPage() {
  const { session } = useDetail();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [agreed, setAgreed] = useState(false);
  const [tried, setTried] = useState(false);
  const give = useGiveConsent(session.id);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (!agreed || name.trim() === '') return;
    give.mutate(
      { version: session.consent.required_version, full_name: name.trim() },
      {
        onSuccess: () => void navigate(`/sessions/${session.id}/check`),
        onError: (error) => {
          if (errorCode(error) === 'consent_version_stale') void queries.invalidateQueries({ queryKey: sessionQuery(session.id).queryKey });
        },
      },
    );
  };

  return (
    <Page title={words.title} lead={words.lead(session.organisation.name, session.interview.title)} width={720} quiet>
      <Paper withBorder radius="lg" p={{ base: 'md', sm: 32 }}>
        <Explanation session={session} />
      </Paper>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={words.name}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && name.trim() === '' && words.nameMissing}
            size="md"
            data-testid="consent-name"
          />
          <Checkbox
            label={words.agree}
            checked={agreed}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
            error={tried && !agreed && words.agreeMissing}
            size="md"
            data-testid="consent-checkbox"
          />
          <ErrorNote error={give.error} />
          <Group>
            <Button type="submit" size="md" loading={give.isPending} data-testid="consent-button">
              {words.button}
            </Button>
            <Button component={Link} to="/candidates/dashboard" variant="subtle" color="gray" size="md">
              {words.decline}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
