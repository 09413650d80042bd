import { Group, Stack, Text, Title } from '@mantine/core';
import type { Invite } from '../../api/types';
import { text } from '../../text';
import { interviews as words } from '../../text/interviews';
import { CopyText } from '../../ui/CopyText';
import classes from './interviews.module.css';

/** The codes of new invitations: shown once, with a button to copy each. */
export function Codes({ invites }: { invites: readonly Invite[] }) {
  const withCode = invites.filter((invite) => invite.code);
  const failed = invites.filter((invite) => !invite.code);
  return (
    <Stack gap="sm" data-testid="invite-codes">
      <Group justify="space-between">
        <Title order={3}>{words.codesTitle}</Title>
        {withCode.length > 1 && (
          <CopyText value={withCode.map((invite) => `${invite.email}\t${invite.code ?? ''}`).join('\n')} label={words.copyAll} />
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {words.codesHint}
      </Text>
      {withCode.map((invite) => (
        <Group key={invite.email} justify="space-between" wrap="nowrap">
          <Text size="sm" truncate>
            {invite.email}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <span className={classes.code} data-testid="invite-code">
              {invite.code}
            </span>
            <CopyText value={invite.code ?? ''} label={words.copyCode(invite.email)} />
          </Group>
        </Group>
      ))}
      {failed.map((invite) => (
        <Text key={invite.email} size="sm" c="var(--viva-danger)">
          {words.failed}: {invite.email}
          {invite.error && ` (${text.errors.known(invite.error) ? text.errors.byCode(invite.error) : invite.error})`}
        </Text>
      ))}
    </Stack>
  );
}
