import { Alert, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { useMe } from '../../api/queries/auth';
import { useBranding, useSetBranding } from '../../api/queries/organisation';
import { contrast, isColour, LEAST_CONTRAST, readableOn } from '../../core/colour';
import { text } from '../../text';
import { organisation as words } from '../../text/organisation';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import classes from './organisation.module.css';

/** Viva's own accent. */
const OWN = '#0c7b75';

function Preview({ colour }: { colour: string }) {
  const { data: me } = useMe();
  const company = me?.memberships[0]?.organisation.name ?? '';
  return (
    <section aria-label={words.preview}>
      <Text size="sm" fw={600} mb="xs">
        {words.preview}
      </Text>
      <Paper withBorder radius="lg" className={classes.sheet} style={{ borderTopColor: colour }} data-testid="branding-preview">
        <Text c="dimmed">{text.invitation.invites(company)}</Text>
        <span className={classes.button} style={{ background: colour, color: readableOn(colour) }}>
          {text.invitation.start}
        </span>
      </Paper>
    </section>
  );
}

function Editor({ saved }: { saved: string | null }) {
  const [colour, setColour] = useState(saved ?? OWN);
  const save = useSetBranding();
  const isOne = isColour(colour);
  const ratio = isOne ? contrast(colour, readableOn(colour)) : 0;
  const readable = ratio >= LEAST_CONTRAST;
  const told = (Math.floor(ratio * 10) / 10).toFixed(1);
  const changed = colour.toLowerCase() !== (saved ?? OWN).toLowerCase();
  const change = (next: string) => {
    setColour(next);
    save.reset();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isOne && readable) save.mutate(colour.toLowerCase());
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            label={words.color}
            description={words.colorHint}
            value={colour}
            maxLength={7}
            onChange={(event) => change(event.currentTarget.value.trim())}
            error={!readable}
            flex={1}
            data-testid="accent-color"
          />
          <input type="color" className={classes.pick} aria-label={words.pick} value={isOne ? colour : OWN} onChange={(event) => change(event.currentTarget.value)} />
        </Group>
        <Text size="sm" role="status" c={readable ? 'dimmed' : 'var(--viva-danger)'} data-testid="accent-contrast">
          {isOne ? (readable ? words.good(told) : words.hard(told)) : words.wrong}
        </Text>
        {isOne && <Preview colour={colour} />}
        <ErrorNote error={save.error} />
        {save.isSuccess && !changed && (
          <Alert variant="light" role="status">
            {words.saved}
          </Alert>
        )}
        <Group>
          <Button type="submit" disabled={!changed || !readable} loading={save.isPending} data-testid="branding-save">
            {words.save}
          </Button>
          {saved !== null && (
            <Button variant="subtle" color="gray" onClick={() => save.mutate(null, { onSuccess: () => setColour(OWN) })}>
              {words.own}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** How an organisation looks to those it writes to. */
export default function OrganisationPage() {
  const branding = useBranding();
  return (
    <Page title={words.title} lead={words.lead} width={720}>
      {branding.isPending && <Loading />}
      {branding.isError && <ErrorState error={branding.error} onRetry={() => void branding.refetch()} />}
      {branding.data && <Editor saved={branding.data.accent_color} />}
    </Page>
  );
}
