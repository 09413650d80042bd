import { Button } from '@mantine/core';
import { IconCalendar, IconClock, IconEye, IconLinkOff, IconVideo } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { errorCode } from '../../api/errors';
import { useMe } from '../../api/queries/auth';
import { useInvitation } from '../../api/queries/invites';
import type { Invitation } from '../../api/types';
import { codeOf } from '../../core/invitation';
import { text } from '../../text';
import { CandidateShell, Foot, Lead, Two } from '../../ui/CandidateShell';
import { Moment } from '../../ui/Moment';
import { ErrorState, Loading, Message } from '../../ui/States';
import classes from './invitation.module.css';

const words = text.invitation;

interface FactProps {
  icon: ReactNode;
  name: ReactNode;
  children: ReactNode;
}

function Fact({ icon, name, children }: FactProps) {
  return (
    <li>
      {icon}
      <div>
        <b>{name}</b>
        <span>{children}</span>
      </div>
    </li>
  );
}

const SIGN = { size: 20, stroke: 1.6, 'aria-hidden': true } as const;

function Facts({ invitation }: { invitation: Invitation }) {
  const oneWay = invitation.kind === 'one_way';
  return (
    <ul className={classes.facts}>
      <Fact icon={<IconClock {...SIGN} />} name={words.about(text.common.minutes(invitation.minutes))}>
        {oneWay ? words.oneWay(invitation.question_count) : words.live}
      </Fact>
      <Fact
        icon={<IconCalendar {...SIGN} />}
        name={
          <>
            {words.until} <Moment iso={invitation.expires_at} inherit />
          </>
        }
      >
        {oneWay ? words.untilHint : words.untilLive}
      </Fact>
      <Fact icon={<IconVideo {...SIGN} />} name={words.recorded}>
        {words.recordedHint[oneWay ? 'one_way' : 'live']}
      </Fact>
      <Fact icon={<IconEye {...SIGN} />} name={words.notes}>
        {words.notesHint}
      </Fact>
    </ul>
  );
}

/** One button: on to the account, with the code the mail's link brought along. */
function Next({ invitation }: { invitation: Invitation }) {
  const { hash } = useLocation();
  const me = useMe();
  const code = codeOf(hash);
  const search = code ? `?code=${code}` : '';
  if (invitation.status !== 'pending') {
    return (
      <Foot line note={words.accepted}>
        <Button component={Link} to="/candidates/dashboard" size="lg">
          {words.goOn}
        </Button>
      </Foot>
    );
  }
  return (
    <Foot line note={code ? words.nothingYet : words.noCode}>
      <Button component={Link} to={(me.data ? '/candidates/dashboard' : '/sign-up') + search} size="lg" className={classes.go} data-testid="take-part">
        {words.start}
      </Button>
    </Foot>
  );
}

/** Who asks, in their words; beside it what one should know before going on. */
function Letter({ invitation }: { invitation: Invitation }) {
  const { asked_by: person, organisation_name: company } = invitation;
  return (
    <>
      <h1>{words.invites(company)}</h1>
      <Lead>{invitation.title}</Lead>
      {person && (
        <div className={classes.from}>
          <span aria-hidden="true">{person.charAt(0)}</span>
          <div>
            <b>{person}</b>
            <span>{company}</span>
          </div>
        </div>
      )}
      {invitation.description && <p className={classes.quote}>{invitation.description}</p>}
    </>
  );
}

function Card({ invitation }: { invitation: Invitation }) {
  return (
    <div style={{ display: 'contents' }} data-testid="invitation">
      <Two>
        <div>
          <Letter invitation={invitation} />
          <Next invitation={invitation} />
        </div>
        <div>
          <div className={classes.panel}>
            <h3>{words.goodToKnow}</h3>
            <Facts invitation={invitation} />
          </div>
          {invitation.status === 'pending' && <p className={classes.small}>{words.forWhom(invitation.email)}</p>}
        </div>
      </Two>
    </div>
  );
}

/** Trying again would not help; the digits of the same mail may. */
function Unknown() {
  return (
    <Message title={words.unknown} hint={words.unknownHint} icon={<IconLinkOff size={28} />} code="invite_unknown_link" alone>
      <Button component={Link} to="/candidates/dashboard?code=">
        {words.typeCode}
      </Button>
    </Message>
  );
}

/** What the link of an invitation leads to: who asks for what, until when, and what is recorded. */
export default function InvitationPage() {
  const { token = '' } = useParams();
  const invitation = useInvitation(token);
  return (
    <CandidateShell title={words.page} company={invitation.data?.organisation_name} colour={invitation.data?.accent_color ?? null}>
      {invitation.isPending && <Loading />}
      {invitation.isError &&
        (errorCode(invitation.error) === 'invite_unknown_link' ? (
          <Unknown />
        ) : (
          <ErrorState error={invitation.error} onRetry={() => void invitation.refetch()} alone />
        ))}
      {invitation.data && <Card invitation={invitation.data} />}
    </CandidateShell>
  );
}
