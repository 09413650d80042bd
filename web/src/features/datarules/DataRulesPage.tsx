import { Alert, Badge, Button, Group, NumberInput, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { useDataRules, useExpired, useSetDataRules, type DataRules } from '../../api/queries/datarules';
import { datarules as words } from '../../text/datarules';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';

interface Draft {
  days: number;
  text: string;
}

function Versions({ rules, onRestore }: { rules: DataRules; onRestore: (text: string) => void }) {
  if (rules.versions.length === 0) return <Text c="dimmed">{words.none}</Text>;
  return (
    <Stack gap="sm">
      {rules.versions.map((one) => (
        <Paper key={one.version} withBorder radius="md" p="md" data-testid="consent-version">
          <Group justify="space-between">
            <Group gap="xs">
              <Text fw={600}>{one.version}</Text>
              {one.version === rules.consent_version && (
                <Badge variant="light" tt="none">
                  {words.inForce}
                </Badge>
              )}
            </Group>
            {one.version !== rules.consent_version && (
              <Button size="xs" variant="subtle" onClick={() => onRestore(one.text)}>
                {words.restore}
              </Button>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {one.created_by === null ? (
              words.first
            ) : (
              <>
                <Moment iso={one.created_at} inherit /> {words.by(one.created_by)}
              </>
            )}
            {' · '}
            {words.kept(one.retention_days)}
          </Text>
          <details>
            <summary>{words.text}</summary>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {one.text}
            </Text>
          </details>
        </Paper>
      ))}
    </Stack>
  );
}

function Editor({ rules }: { rules: DataRules }) {
  const [draft, setDraft] = useState<Draft>({ days: rules.retention_days, text: rules.consent_text });
  const [asking, setAsking] = useState(false);
  const save = useSetDataRules();
  const shorter = draft.days < rules.retention_days;
  const expired = useExpired(asking && shorter ? draft.days : null);
  const changed = draft.days !== rules.retention_days || draft.text.trim() !== rules.consent_text.trim();
  const valid = draft.days >= 1 && draft.days <= 3650 && draft.text.trim().length >= 50;
  const counted = expired.data ? words.shorter(expired.data.sessions, draft.days) : '';

  const publish = () =>
    save.mutate(
      { consent_version: rules.consent_version, retention_days: draft.days, consent_text: draft.text.trim() },
      { onSettled: () => setAsking(false) },
    );
  return (
    <Stack gap="lg">
      <NumberInput
        label={words.days}
        description={words.daysHint}
        value={draft.days}
        onChange={(days) => setDraft({ ...draft, days: Number(days) })}
        min={1}
        max={3650}
        allowDecimal={false}
        maw={480}
        data-testid="retention-days"
      />
      <Textarea
        label={words.text}
        description={words.textHint}
        value={draft.text}
        onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
        autosize
        minRows={10}
        maxRows={30}
        maxLength={20_000}
        data-testid="consent-text"
      />
      <ErrorNote error={save.error} />
      {save.isSuccess && !changed && (
        <Alert variant="light" role="status">
          {words.saved(rules.consent_version)}
        </Alert>
      )}
      <Group>
        <Button disabled={!changed || !valid} onClick={() => setAsking(true)} data-testid="publish-rules">
          {words.save}
        </Button>
      </Group>
      <Title order={2}>{words.versions}</Title>
      <Versions rules={rules} onRestore={(text) => setDraft({ ...draft, text })} />
      <ConfirmDialog
        opened={asking}
        title={words.confirmTitle}
        lead={shorter ? `${words.asks} ${counted}` : words.asks}
        confirm={words.save}
        danger={shorter}
        busy={save.isPending || (shorter && expired.isPending)}
        testId="publish-confirm"
        onConfirm={publish}
        onClose={() => setAsking(false)}
      />
    </Stack>
  );
}

/** How long an organisation keeps things, and the text its candidates agree to. */
export default function DataRulesPage() {
  const rules = useDataRules();
  return (
    <Page title={words.title} lead={words.lead} width={860}>
      {rules.isPending && <Loading />}
      {rules.isError && <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.data && <Editor rules={rules.data} />}
    </Page>
  );
}
