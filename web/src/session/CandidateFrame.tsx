import { IconEye } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { text } from '../text';
import { CandidateShell } from '../ui/CandidateShell';
import { Dialog } from '../ui/Dialog';
import classes from './CandidateFrame.module.css';
import { useDetail } from './useDetail';

const words = text.attend.watch;

/** What is being watched, one tap away on every page of a session. */
export function Eye({ named = false }: { named?: boolean }) {
  const { session } = useDetail();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={classes.eye}
        data-words={named || undefined}
        aria-label={words.button}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <IconEye size={20} stroke={1.6} aria-hidden />
        {named && <span>{words.button}</span>}
      </button>
      {open && (
        <Dialog title={words.title} onClose={() => setOpen(false)} sheet>
          <div className={classes.sheet}>
            <ul className={classes.list}>
              {session.consent.event_types.map((type) => (
                <li key={type}>{text.events.explained(type)}</li>
              ))}
            </ul>
            <p>{text.attend.consent.promise}</p>
            <p>{text.attend.consent.withdraw}</p>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** A page of a session as its candidate sees it. */
export function CandidateFrame({ title, end, room = false, children }: { title: string; end?: ReactNode; room?: boolean; children: ReactNode }) {
  const { session } = useDetail();
  return (
    <CandidateShell title={title} company={session.organisation.name} end={end} room={room}>
      {children}
    </CandidateShell>
  );
}
