import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useReview } from '../../api/queries/review';
import type { ProctoringEvent, SessionDetail } from '../../api/types';
import { knownIncidents } from '../../core/session/incidents';
import { others } from '../../core/session/room';
import { formatClock } from '../../core/time/clock';
import { useConnection, useRoom } from '../../session/context';
import { text } from '../../text';
import { SeverityMark } from '../../ui/SeverityMark';
import { Knock } from './Knock';
import { People } from './People';
import classes from './panel.module.css';
import layout from './room.module.css';

const words = text.room;

/** What the database knew when the room was opened, overlaid by what came since; newest first. */
function useIncidents(sessionId: string): ProctoringEvent[] {
  const connection = useConnection();
  const { incidents } = useRoom();
  const { data, refetch } = useReview(sessionId);

  useEffect(() => connection.signalling.events.on('welcome', () => void refetch()), [connection, refetch]);

  return knownIncidents(data?.events ?? [], incidents);
}

/** Where it began and how long it lasted, for what has a length. */
function when(event: ProctoringEvent): string {
  const at = formatClock(event.offset_ms);
  if (event.is_open) return `${at} · ${text.events.ongoing}`;
  return event.duration_seconds > 0 ? `${at} · ${text.events.lasting(event.duration_seconds)}` : at;
}

function Incident({ event }: { event: ProctoringEvent }) {
  return (
    <li
      data-testid="live-incident"
      data-event-type={event.event_type}
      data-event-id={event.id}
      data-open={event.is_open || undefined}
    >
      <SeverityMark severity={event.severity} size="xs" />
      {text.events.label(event.event_type)}
      <time>{when(event)}</time>
    </li>
  );
}

function Signals({ sessionId }: { sessionId: string }) {
  const incidents = useIncidents(sessionId);
  return (
    <section aria-label={words.signals}>
      <div className={classes.cap}>
        <h2>{words.signals}</h2>
        {words.signalsHint}
      </div>
      <ul className={classes.signals} aria-live="polite" data-testid="live-incidents">
        {incidents.map((event) => (
          <Incident key={event.id} event={event} />
        ))}
      </ul>
      {incidents.length === 0 && <p className={classes.small}>{words.signalsEmpty}</p>}
    </section>
  );
}

const stateOf = (index: number, at: number) => (index < at ? 'done' : index === at ? 'on' : undefined);

/** The questions one by one, for one's own eyes: where one is, what comes then. */
function Guide({ session }: { session: SessionDetail }) {
  const questions = [...session.questions].sort((a, b) => a.order_index - b.order_index);
  const [at, setAt] = useState(0);
  const next = questions[at + 1];
  return (
    <section aria-label={words.guide}>
      <div className={classes.cap}>
        <h2>{words.guide}</h2>
        {questions.length > 0 && words.guideAt(at + 1, questions.length)}
      </div>
      {questions.length === 0 && <p className={classes.small}>{words.guideEmpty}</p>}
      {questions.length > 1 && (
        <div className={classes.progress} aria-hidden="true">
          {questions.map((question, index) => (
            <i key={question.id} data-is={stateOf(index, at)} />
          ))}
        </div>
      )}
      <p className={classes.asked} aria-live="polite">
        {questions[at]?.text}
      </p>
      {questions.length > 1 && (
        <div className={classes.acts}>
          <Button size="md" disabled={!next} onClick={() => setAt(at + 1)} rightSection={<IconArrowRight size={16} />}>
            {words.guideNext}
          </Button>
          <Button size="md" variant="default" disabled={at === 0} onClick={() => setAt(at - 1)}>
            {words.guideBack}
          </Button>
        </div>
      )}
      {next && <p className={classes.upnext}>{words.guideThen(at + 2, questions.length, next.text)}</p>}
    </section>
  );
}

/** Who is at the door, questions, signals and people beside the pictures; interviewers only. */
export default function InterviewerPanel({ session }: { session: SessionDetail }) {
  const room = useRoom();
  return (
    <aside className={layout.side}>
      {others(room, 'waiting').map((person) => (
        <Knock key={person.participant_id} person={person} />
      ))}
      <Guide session={session} />
      <Signals sessionId={session.id} />
      <People />
    </aside>
  );
}
