import { Button } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useState } from 'react';
import { useAddInterview } from '../../api/queries/candidate';
import type { CandidateInterview } from '../../api/types';
import { codeFrom, completeCode, type CodeEntry } from '../../core/codeEntry';
import { text } from '../../text';
import { Dialog } from '../../ui/Dialog';
import { describeError } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';
import classes from './candidate.module.css';
import { CodeBoxes } from './CodeBoxes';

interface Props {
  initialCode: string;
  onClose: () => void;
  onAdded: (added: CandidateInterview) => void;
}

/** Where the digits are; what was wrong with them takes its place. Nothing that was typed is cleared. */
function Help({ incomplete, error }: { incomplete: boolean; error: unknown }) {
  if (incomplete) return <Note>{text.candidate.codeIncomplete}</Note>;
  if (error === null) {
    return (
      <p className={classes.help}>
        <IconMail size={20} stroke={1.6} aria-hidden />
        {text.candidate.addHint}
      </p>
    );
  }
  const { code, message } = describeError(error);
  return (
    <Note code={code} title={code === 'invite_unknown_code' && text.candidate.wrongTitle}>
      {message}
    </Note>
  );
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
    <Dialog title={text.candidate.addTitle} onClose={onClose} page>
      <p className={classes.lead}>{text.candidate.addLead}</p>
      <div className={classes.boxes}>
        <CodeBoxes entry={entry} onChange={change} onSubmit={submit} invalid={incomplete || add.isError} />
      </div>
      <Help incomplete={incomplete} error={add.error} />
      <Button size="lg" className={classes.go} onClick={submit} loading={add.isPending} data-testid="add-interview-submit">
        {add.isError ? text.candidate.openAgain : text.candidate.open}
      </Button>
      <p className={classes.noMail}>{text.candidate.noMail}</p>
    </Dialog>
  );
}
