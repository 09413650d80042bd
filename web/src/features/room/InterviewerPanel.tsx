import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useReview } from '../../api/queries/review';
import type { ProctoringEvent, SessionDetail } from '../../api/types';
import { knownIncidents } from '../../core/session/incidents';
import { formatClock } from '../../core/time/clock';
import { useConnection, useRoom } from '../../session/context';
import { text } from '../../text';
import { SeverityMark } from '../../ui/SeverityMark';
import { People } from './People';
import classes from './room.module.css';

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
      className={classes.incident}
      data-testid="live-incident"
      data-event-type={event.event_type}
      data-event-id={event.id}
      data-open={event.is_open || undefined}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600}>
          {text.events.label(event.event_type)}
        </Text>
        <SeverityMark severity={event.severity} size="xs" />
      </Group>
      <Text size="xs" c="dimmed">
        {when(event)}
      </Text>
    </li>
  );
}

function Signals({ sessionId }: { sessionId: string }) {
  const incidents = useIncidents(sessionId);
  return (
    <section className={classes.section} aria-label={words.signals}>
      <Group justify="space-between">
        <Title order={3}>{words.signals}</Title>
        <Text size="xs" c="dimmed">
          {words.signalsHint}
        </Text>
      </Group>
      <ul className={classes.list} aria-live="polite" data-testid="live-incidents">
        {incidents.map((event) => (
          <Incident key={event.id} event={event} />
        ))}
      </ul>
      {incidents.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.signalsEmpty}
        </Text>
      )}
    </section>
  );
}

/** Questions and signals beside the pictures; interviewers only. */
export default function InterviewerPanel({ session }: { session: SessionDetail }) {
  const questions = [...session.questions].sort((a, b) => a.order_index - b.order_index);
  return (
    <aside className={classes.side}>
      <People />
      <section className={classes.section} aria-label={words.guide}>
        <Title order={3}>{words.guide}</Title>
        {questions.length === 0 ? (
          <Text size="sm" c="dimmed">
            {words.guideEmpty}
          </Text>
        ) : (
          <Stack component="ol" gap="xs" className={classes.questions}>
            {questions.map((question) => (
              <Text component="li" size="sm" key={question.id}>
                {question.text}
              </Text>
            ))}
          </Stack>
        )}
      </section>
      <Signals sessionId={session.id} />
    </aside>
  );
}
