import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAddInterview } from '../../api/queries/candidate';
import type { CandidateInterview } from '../../api/types';
import { codeFrom, completeCode, type CodeEntry } from '../../core/codeEntry';
import { text } from '../../text';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { CodeBoxes } from './CodeBoxes';

interface Props {
  initialCode: string;
  onClose: () => void;
  onAdded: (added: CandidateInterview) => void;
}

/** The dialog that turns a six-digit code into an interview of one's own. */
export function AddInterview({ initialCode, onClose, onAdded }: Props) {
  const [entry, setEntry] = useState(() => codeFrom(initialCode));
  const [incomplete, setIncomplete] = useState(false);
  const add = useAddInterview();

  const change = (next: CodeEntry) => {
    setEntry(next);
    setIncomplete(false);
    if (next.boxes.join('') !== entry.boxes.join('')) add.reset();
  };

  const submit = () => {
    const code = completeCode(entry);
    if (!code) {
      setIncomplete(true);
      return;
    }
    if (!add.isPending) add.mutate(code, { onSuccess: onAdded });
  };

  return (
    <Dialog title={text.candidate.addTitle} onClose={onClose}>
      <Stack gap="lg">
        <Text c="dimmed">{text.candidate.addLead}</Text>
        <CodeBoxes entry={entry} onChange={change} onSubmit={submit} invalid={incomplete || add.isError} />
        {incomplete && (
          <Text size="sm" c="var(--viva-danger)" ta="center" role="alert">
            {text.candidate.codeIncomplete}
          </Text>
        )}
        <ErrorNote error={add.error} />
        <Button size="md" onClick={submit} loading={add.isPending} data-testid="add-interview-submit">
          {text.candidate.add}
        </Button>
      </Stack>
    </Dialog>
  );
}
