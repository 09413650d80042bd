import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { IconLinkOff } from '@tabler/icons-react';
import type { CSSProperties, ReactNode } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { errorCode } from '../../api/errors';
import { useMe } from '../../api/queries/auth';
import { useInvitation } from '../../api/queries/invites';
import type { Invitation } from '../../api/types';
import { readableOn } from '../../core/colour';
import { codeOf } from '../../core/invitation';
import { text } from '../../text';
import { Moment } from '../../ui/Moment';
import { Shell } from '../../ui/Page';
import { ErrorState, Loading, Message } from '../../ui/States';
import classes from './invitation.module.css';

const words = text.invitation;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Facts({ invitation }: { invitation: Invitation }) {
  const minutes = text.common.minutes(invitation.minutes);
  return (
    <dl className={classes.facts}>
      {invitation.asked_by && <Fact name={words.askedBy}>{invitation.asked_by}</Fact>}
      <Fact name={words.takes}>{invitation.kind === 'one_way' ? words.oneWay(invitation.question_count, minutes) : words.live(minutes)}</Fact>
      <Fact name={words.recorded}>{words.recordedHint}</Fact>
      <Fact name={words.until}>
        <Moment iso={invitation.expires_at} inherit />
      </Fact>
    </dl>
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
      <>
        <Text>{words.accepted}</Text>
        <Button component={Link} to="/candidates/dashboard" size="md">
          {words.goOn}
        </Button>
      </>
    );
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        {words.forWhom(invitation.email)} {!code && words.noCode}
      </Text>
      <Button component={Link} to={(me.data ? '/candidates/dashboard' : '/sign-up') + search} size="md" className={classes.go} data-testid="take-part">
        {words.start}
      </Button>
    </>
  );
}

function Card({ invitation }: { invitation: Invitation }) {
  const colour = invitation.accent_color;
  const accent = colour ? ({ '--company-accent': colour, '--company-ink': readableOn(colour) } as CSSProperties) : {};
  return (
    <div className={classes.middle}>
      <Paper className={classes.card} style={accent} data-branded={colour !== null || undefined} withBorder p={{ base: 'lg', sm: 32 }} radius="lg" data-testid="invitation">
        <Stack gap="lg">
          <div>
            <Text c="dimmed">{words.invites(invitation.organisation_name)}</Text>
            <Title order={1}>{invitation.title}</Title>
          </div>
          {invitation.description && <Text style={{ whiteSpace: 'pre-line' }}>{invitation.description}</Text>}
          <Facts invitation={invitation} />
          <Next invitation={invitation} />
        </Stack>
      </Paper>
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
    <Shell title={words.page} quiet anonymous>
      {invitation.isPending && <Loading />}
      {invitation.isError &&
        (errorCode(invitation.error) === 'invite_unknown_link' ? (
          <Unknown />
        ) : (
          <ErrorState error={invitation.error} onRetry={() => void invitation.refetch()} alone />
        ))}
      {invitation.data && <Card invitation={invitation.data} />}
    </Shell>
  );
}
