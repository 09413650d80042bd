import { Button, Group } from '@mantine/core';
import { IconCheck, IconChevronRight, IconDoorExit, IconDownload, IconListDetails, IconRotate } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useWithdrawConsent } from '../../api/queries/session';
import type { SessionDetail } from '../../api/types';
import { firstName } from '../../core/names';
import { isOver } from '../../core/session/gate';
import { CandidateFrame } from '../../session/CandidateFrame';
import { useConnection } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { text } from '../../text';
import { Lead, Two } from '../../ui/CandidateShell';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Shell } from '../../ui/Page';
import { Message } from '../../ui/States';
import classes from './DonePage.module.css';

const words = text.attend.done;

const SIGN = { size: 20, stroke: 1.6, 'aria-hidden': true } as const;

function Line({ icon, name, lead }: { icon: ReactNode; name: string; lead: string }) {
  return (
    <>
      {icon}
      <span>
        <b>{name}</b>
        <span>{lead}</span>
      </span>
      <IconChevronRight {...SIGN} />
    </>
  );
}

function Withdraw({ session }: { session: SessionDetail }) {
  const [asking, setAsking] = useState(false);
  const withdraw = useWithdrawConsent(session.id);
  if (withdraw.isSuccess || session.consent.given_at === null) {
    return <p role="status">{words.withdrawn}</p>;
  }
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        <Line icon={<IconRotate {...SIGN} />} name={words.withdraw} lead={words.withdrawShort} />
      </button>
      <ErrorNote error={withdraw.error} />
      <ConfirmDialog
        opened={asking}
        title={words.withdrawConfirm}
        lead={words.withdrawLead}
        confirm={words.withdraw}
        danger
        busy={withdraw.isPending}
        onConfirm={() => withdraw.mutate(undefined, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function Left({ session, isCandidate }: { session: SessionDetail; isCandidate: boolean }) {
  return (
    <Message title={words.leftTitle} hint={words.leftLead} icon={<IconDoorExit size={28} />} color="viva">
      <Group>
        {/* A full load: the connection that left is not used again. */}
        <Button component="a" href={`/sessions/${session.id}/check`}>
          {words.rejoin}
        </Button>
        <Button component={Link} to={isCandidate ? '/candidates/dashboard' : '/sessions'} variant="default">
          {isCandidate ? words.toDashboard : words.toSessions}
        </Button>
      </Group>
    </Message>
  );
}

function OverForStaff({ session }: { session: SessionDetail }) {
  return (
    <Message title={words.overTitle} hint={words.overStaff} icon={<IconCheck size={28} />} color="viva">
      <Group>
        <Button component={Link} to={`/sessions/${session.id}/review`}>
          {words.toReview}
        </Button>
        <Button component={Link} to="/sessions" variant="default">
          {words.toSessions}
        </Button>
      </Group>
    </Message>
  );
}

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' });

function Next({ session }: { session: SessionDetail }) {
  const steps = [
    [words.today(DAY.format(new Date(session.ended_at ?? session.server_time))), words.told(session.organisation.name)],
    [words.then, words.watches],
    [words.hear, words.hearLead],
  ] as const;
  return (
    <ol className={classes.next}>
      {steps.map(([name, lead]) => (
        <li key={name}>
          <b>{name}</b>
          <span>{lead}</span>
        </li>
      ))}
    </ol>
  );
}

function Thanks({ session, title }: { session: SessionDetail; title: string }) {
  const saved = session.videos.filter((video) => video.status !== 'failed').length;
  return (
    <div style={{ display: 'contents' }} data-testid="done">
      <Two>
        <div>
          <span className={classes.tick}>
            <IconCheck size={24} aria-hidden />
          </span>
          <h1>{title}</h1>
          <Lead>{words.lead(saved)}</Lead>
          <Next session={session} />
        </div>
        <div>
          <h3 className={classes.heading}>{words.yours}</h3>
          <div className={classes.yours}>
            <Link to="/my-data">
              <Line icon={<IconDownload {...SIGN} />} name={words.download} lead={words.downloadLead} />
            </Link>
            <Link to="/candidates/dashboard">
              <Line icon={<IconListDetails {...SIGN} />} name={words.toDashboard} lead={words.toDashboardLead} />
            </Link>
            <Withdraw session={session} />
          </div>
        </div>
      </Two>
    </div>
  );
}

/** The last page: over, or left for now. */
export default function DonePage() {
  const { session, me, isCandidate } = useDetail();
  const connection = useConnection();
  const over = isOver(session) || connection.room.get().ended !== null;
  const thanks = words.title(firstName(me.user.full_name));

  useEffect(() => connection.leave(), [connection]);

  if (over && isCandidate) {
    return (
      <CandidateFrame title={thanks}>
        <Thanks session={session} title={thanks} />
      </CandidateFrame>
    );
  }
  return (
    <Shell title={over ? words.overTitle : words.leftTitle}>
      {over ? <OverForStaff session={session} /> : <Left session={session} isCandidate={isCandidate} />}
    </Shell>
  );
}
