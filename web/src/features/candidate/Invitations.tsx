import { Button } from '@mantine/core';
import { useNavigate } from 'react-router';
import { useBegin } from '../../api/queries/candidate';
import type { CandidateInvitation } from '../../api/types';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment } from '../../ui/Moment';
import classes from './candidate.module.css';

function InvitationCard({ invitation }: { invitation: CandidateInvitation }) {
  const navigate = useNavigate();
  const begin = useBegin();
  const go = () => begin.mutate(invitation.id, { onSuccess: (session) => void navigate(`/sessions/${session.id}/consent`) });
  return (
    <article className={classes.card} data-testid="open-invitation">
      <div>
        <h2>{invitation.title}</h2>
        <p className={classes.small}>{text.candidate.by(invitation.organisation_name)}</p>
      </div>
      <ErrorNote error={begin.error} />
      <div className={classes.next}>
        <p className={classes.small}>
          {text.candidate.until} <Moment iso={invitation.expires_at} inherit />
        </p>
        <div className={classes.acts}>
          <Button size="lg" loading={begin.isPending} onClick={go} data-testid="begin">
            {text.candidate.begin}
          </Button>
        </div>
      </div>
    </article>
  );
}

/** What one's own confirmed address is invited to and has not begun: that needs no code. */
export function Invitations({ items }: { items: readonly CandidateInvitation[] }) {
  return (
    <section className={classes.cards} aria-label={text.candidate.invited}>
      {items.map((invitation) => (
        <InvitationCard key={invitation.id} invitation={invitation} />
      ))}
    </section>
  );
}
