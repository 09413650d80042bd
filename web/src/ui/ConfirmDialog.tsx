import { Button, Group, Stack, Text } from '@mantine/core';
import { text } from '../text';
import { Dialog } from './Dialog';

interface Props {
  opened: boolean;
  title: string;
  lead?: string;
  confirm: string;
  cancel?: string;
  danger?: boolean;
  busy?: boolean;
  testId?: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks once before something that cannot be undone. */
export function ConfirmDialog({ opened, title, lead, confirm, cancel, danger, busy, testId, onConfirm, onClose }: Props) {
  if (!opened) return null;
  return (
    <Dialog title={title} onClose={onClose}>
      <Stack gap="lg">
        {lead && <Text>{lead}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {cancel ?? text.common.cancel}
          </Button>
          <Button {...(danger && { color: 'red' })} loading={busy} onClick={onConfirm} data-autofocus data-testid={testId}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
