import { Button, TextInput } from '@mantine/core';
import { IconEye, IconHourglass, IconRotate, IconUsers, IconVideo } from '@tabler/icons-react';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { sessionQuery, useGiveConsent } from '../../api/queries/session';
import { errorCode } from '../../api/errors';
import { useQueryClient } from '@tanstack/react-query';
import { CandidateFrame } from '../../session/CandidateFrame';
import { useDetail } from '../../session/useDetail';
import { text } from '../../text';
import { Lead, Steps } from '../../ui/CandidateShell';
import { ErrorNote } from '../../ui/ErrorNote';
import type { SessionDetail } from '../../api/types';
import classes from './consent.module.css';
import { stepsOf } from './steps';

const words = text.attend.consent;

const SIGN = { size: 20, stroke: 1.6, 'aria-hidden': true } as const;

function Section({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section>
      {icon}
      <h3>{title}</h3>
      <div>{children}</div>
    </section>
  );
}

function Explanation({ session }: { session: SessionDetail }) {
  const { consent, organisation } = session;
  return (
    <div className={classes.plain}>
      <Section icon={<IconVideo {...SIGN} />} title={words.recordedTitle}>
        <p>{session.kind === 'one_way' ? words.recorded : words.recordedLive}</p>
      </Section>
      <Section icon={<IconEye {...SIGN} />} title={words.watchedTitle}>
        <p>{words.watched}</p>
        <ul data-testid="consent-event-types">
          {consent.event_types.map((type) => (
            <li key={type}>{text.events.explained(type)}</li>
          ))}
        </ul>
        <p className={classes.promise}>{words.promise}</p>
      </Section>
      <Section icon={<IconUsers {...SIGN} />} title={words.whoTitle}>
        <p>{words.who(organisation.name)}</p>
      </Section>
      <Section icon={<IconHourglass {...SIGN} />} title={words.keptTitle}>
        <p>{words.kept(consent.retention_days)}</p>
      </Section>
      <Section icon={<IconRotate {...SIGN} />} title={words.withdrawTitle}>
        <p>{words.withdraw}</p>
      </Section>
      {consent.text && (
        <details className={classes.full}>
          <summary>{words.fullText}</summary>
          <p>{consent.text}</p>
        </details>
      )}
    </div>
  );
}

interface SignProps {
  name: string;
  agreed: boolean;
  /** Whether the button was pressed: what is missing is said then. */
  tried: boolean;
  onName: (name: string) => void;
  onAgreed: (agreed: boolean) => void;
}

function Sign({ name, agreed, tried, onName, onAgreed }: SignProps) {
  const unread = tried && !agreed;
  return (
    <>
      <div>
        <label className={classes.agree}>
          <input
            type="checkbox"
            checked={agreed}
            aria-invalid={unread}
            aria-describedby={unread ? 'agree-missing' : undefined}
            onChange={(event) => onAgreed(event.currentTarget.checked)}
            data-testid="consent-checkbox"
          />
          {words.agree}
        </label>
        {unread && (
          <p id="agree-missing" className={classes.missing}>
            {words.agreeMissing}
          </p>
        )}
      </div>
      <TextInput
        label={words.name}
        autoComplete="name"
        value={name}
        onChange={(event) => onName(event.currentTarget.value)}
        error={tried && name.trim() === '' && words.nameMissing}
        size="lg"
        data-testid="consent-name"
      />
    </>
  );
}

/** What happens with picture and voice, in plain words, before anything is captured. */
export default function ConsentPage() {
  const { session } = useDetail();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [agreed, setAgreed] = useState(false);
  const [tried, setTried] = useState(false);
  const give = useGiveConsent(session.id);
  const steps = stepsOf(session);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (!agreed || name.trim() === '') return;
    give.mutate(
      { version: session.consent.required_version, full_name: name.trim() },
      {
        onSuccess: () => void navigate(`/sessions/${session.id}/check`),
        onError: (error) => {
          if (errorCode(error) === 'consent_version_stale') void queries.invalidateQueries({ queryKey: sessionQuery(session.id).queryKey });
        },
      },
    );
  };

  return (
    <CandidateFrame title={words.title} end={<Steps at={1} of={steps.length} word={steps[0] ?? ''} />}>
      <div className={classes.columns}>
        <div>
          <h1>{words.title}</h1>
          <Lead>{words.lead(session.interview.title)}</Lead>
          <Explanation session={session} />
        </div>
        <form onSubmit={submit} noValidate className={classes.panel}>
          <Sign name={name} agreed={agreed} tried={tried} onName={setName} onAgreed={setAgreed} />
          <ErrorNote error={give.error} />
          <Button type="submit" size="lg" className={classes.wide} loading={give.isPending} data-testid="consent-button">
            {words.button}
          </Button>
          <Button component={Link} to="/candidates/dashboard" variant="subtle" color="gray" size="md">
            {words.decline}
          </Button>
        </form>
      </div>
    </CandidateFrame>
  );
}
