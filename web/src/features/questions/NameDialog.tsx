import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import { text } from '../../text';
import { questions as words } from '../../text/questions';
import { Dialog } from '../../ui/Dialog';
import { Refusal } from './Refusal';

interface Props {
  title: string;
  name?: string;
  busy: boolean;
  error: unknown;
  onSave: (name: string) => void;
  onClose: () => void;
}

/** Asks for the name of a bank. */
export function NameDialog({ title, name: before = '', busy, error, onSave, onClose }: Props) {
  const [name, setName] = useState(before);
  const [tried, setTried] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() !== '') onSave(name.trim());
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={words.bankName}
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && name.trim() === '' ? words.nameMissing : null}
            data-autofocus
          />
          <Refusal error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={busy} data-testid="name-save">
              {text.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
