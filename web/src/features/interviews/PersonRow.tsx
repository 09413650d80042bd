import { ActionIcon, Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconChecks, IconCircle, IconCircleDashed, IconCircleDot, IconClock, IconMailOpened, IconRefresh, IconTrash, IconX } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Interview, InvitedPerson } from '../../api/types';
import { initials } from '../../core/names';
import { interviews as words } from '../../text/interviews';
import { Moment } from '../../ui/Moment';
import classes from './people.module.css';

type State = InvitedPerson['state'];
type Tone = 'quiet' | 'going' | 'live' | 'bad';
const SIGNS: Record<State, { icon: typeof IconCheck; tone: Tone }> = {
  invited: { icon: IconCircleDashed, tone: 'quiet' },
  undelivered: { icon: IconAlertTriangle, tone: 'bad' },
  opened: { icon: IconMailOpened, tone: 'going' },
  joined: { icon: IconCircle, tone: 'going' },
  in_progress: { icon: IconCircleDot, tone: 'live' },
  done: { icon: IconCheck, tone: 'going' },
  reviewed: { icon: IconChecks, tone: 'going' },
  expired: { icon: IconClock, tone: 'quiet' },
  revoked: { icon: IconX, tone: 'quiet' },
  withdrawn: { icon: IconX, tone: 'quiet' },
  cancelled: { icon: IconX, tone: 'quiet' },
};
/** These can be sent again and withdrawn. */
const OPEN: ReadonlySet<State> = new Set<State>(['invited', 'undelivered', 'opened', 'expired']);

interface Props {
  person: InvitedPerson;
  interview: Interview;
  /** Mails are kept instead of sent. */
  kept: boolean;
  busy: boolean;
  onResend: () => void;
  onRevoke: () => void;
}

function Mail({ person, kept }: Pick<Props, 'person' | 'kept'>) {
  const { delivery, delivery_error: why } = person;
  const said = delivery === 'sent' && kept ? words.kept : words.delivery[delivery];
  return (
    <span data-delivery={delivery}>
      {said}
      {delivery === 'failed' && why && `: ${why}`}
      {delivery === 'queued' && why && ` · ${words.retried(why)}`}
    </span>
  );
}

/** When the newest thing happened, and for those who have not come yet what became of their mail. */
function Latest({ person, kept }: Pick<Props, 'person' | 'kept'>) {
  const at = person.ended_at ?? person.started_at ?? person.joined_at ?? person.opened_at ?? person.invited_at;
  return (
    <span className={classes.second}>
      <Moment iso={at} inherit />
      {OPEN.has(person.state) && (
        <>
          {' · '}
          <Mail person={person} kept={kept} />
          {person.state !== 'expired' && (
            <>
              {` · ${words.validUntil} `}
              <Moment iso={person.expires_at} inherit />
            </>
          )}
        </>
      )}
    </span>
  );
}

/** What they do this moment, else the state they are in. */
function Now({ person, kept }: Pick<Props, 'person' | 'kept'>) {
  const { icon: Icon, tone } = SIGNS[person.state];
  return (
    <div className={classes.state} data-tone={tone}>
      <Icon size={14} aria-hidden />
      {person.asking !== null ? (
        <span data-testid="asking">{words.asking(person.asking)}</span>
      ) : (
        <span data-testid="person-state">{person.in_room ? words.inRoom : words.states[person.state]}</span>
      )}
      <Latest person={person} kept={kept} />
    </div>
  );
}

/** One dash a question, filled where it is answered. */
function Answers({ person, of }: { person: InvitedPerson; of: number }) {
  if (person.started_at === null || of === 0) return <span className={classes.answers} />;
  return (
    <span className={classes.answers} title={words.answered(person.answered, of)}>
      <span className={classes.dashes} aria-hidden>
        {Array.from({ length: of }, (_, place) => (
          <i key={place} data-done={place < person.answered || undefined} />
        ))}
      </span>
      <span aria-label={words.answered(person.answered, of)} role="img">
        {person.answered}/{of}
      </span>
    </span>
  );
}

function Acts({ person, interview, busy, onResend, onRevoke }: Omit<Props, 'kept'>) {
  const live = interview.kind !== 'one_way' && person.session_id !== null && person.ended_at === null;
  return (
    <div className={classes.acts}>
      {OPEN.has(person.state) && interview.status === 'active' && (
        <ActionIcon variant="subtle" color="gray" disabled={busy} aria-label={words.resend(person.email)} title={words.resend(person.email)} onClick={onResend}>
          <IconRefresh size={18} />
        </ActionIcon>
      )}
      {OPEN.has(person.state) && (
        <ActionIcon variant="subtle" color="gray" disabled={busy} aria-label={words.revoke(person.email)} title={words.revoke(person.email)} onClick={onRevoke}>
          <IconTrash size={18} />
        </ActionIcon>
      )}
      {live && (
        <Button component={Link} to={`/sessions/${person.session_id ?? ''}/check`}>
          {words.join}
        </Button>
      )}
      {person.session_id && person.started_at && (
        <Button component={Link} to={`/sessions/${person.session_id}/review`} variant="default">
          {words.review}
        </Button>
      )}
    </div>
  );
}

/** Somebody invited: who, what they do, how much is answered, what can be done. */
export function PersonRow({ kept, ...rest }: Props) {
  const { person, interview } = rest;
  return (
    <li className={classes.row} data-testid="person-row" data-email={person.email} data-state={person.state}>
      <span className={classes.face} aria-hidden>
        {initials(person.name ?? person.email)}
      </span>
      <div className={classes.who}>
        {person.name ?? person.email}
        {person.name && <span className={classes.second}>{person.email}</span>}
      </div>
      <Now person={person} kept={kept} />
      <Answers person={person} of={interview.kind === 'one_way' ? interview.questions.length : 0} />
      <Acts {...rest} />
    </li>
  );
}
