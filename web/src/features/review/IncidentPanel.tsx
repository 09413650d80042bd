import { Box, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconPointer } from '@tabler/icons-react';
import { useState, type RefObject } from 'react';
import { usePatchEvent } from '../../api/queries/review';
import type { ProctoringEvent } from '../../api/types';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { CopyText } from '../../ui/CopyText';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment, TimeOfDay } from '../../ui/Moment';
import { SeverityShape } from '../../ui/SeverityMark';
import { Message } from '../../ui/States';
import { eventRange, lasting } from './describe';
import { isSeen } from './measures';
import classes from './incident.module.css';
import parts from './parts.module.css';
import type { Deciding } from './useDeciding';
import { WhyPanel } from './WhyPanel';

function Snapshot({ event }: { event: ProctoringEvent }) {
  if (!event.snapshot_url && (event.video_id === null || !isSeen(event.event_type))) return null;
  if (!event.snapshot_url) {
    return (
      <Text size="sm" c="dimmed">
        {words.noSnapshot}
      </Text>
    );
  }
  return <img className={classes.snapshot} src={event.snapshot_url} alt={words.snapshot(text.events.label(event.event_type))} data-testid="snapshot" />;
}

/** The place in the recording, or the time of day when there was none; and the length. */
function When({ event }: { event: ProctoringEvent }) {
  const length = lasting(event);
  return (
    <>
      {event.video_id === null ? <TimeOfDay iso={event.detected_at} inherit /> : eventRange(event)}
      {length !== null && ` · ${length}`}
    </>
  );
}

function Note({ event, sessionId, field }: { event: ProctoringEvent; sessionId: string; field: RefObject<HTMLTextAreaElement | null> }) {
  const patch = usePatchEvent(sessionId);
  const saved = event.reviewer_notes ?? '';
  const [note, setNote] = useState(saved);
  const changed = note !== saved;
  const save = () => patch.mutate({ eventId: event.id, reviewer_notes: note });
  return (
    <Stack gap="xs">
      <Textarea
        ref={field}
        label={words.note}
        placeholder={words.notePlaceholder}
        autosize
        minRows={2}
        value={note}
        onChange={(change) => setNote(change.currentTarget.value)}
        onKeyDown={(key) => {
          if (key.key === 'Enter' && (key.ctrlKey || key.metaKey)) save();
          if (key.key === 'Escape') key.currentTarget.blur();
        }}
        data-testid="incident-note"
      />
      <ErrorNote error={patch.error} />
      <Group justify="space-between">
        <Text size="xs" c="dimmed" role="status">
          {patch.isSuccess && !changed && words.noteSaved}
        </Text>
        <Button size="xs" variant="default" disabled={!changed} loading={patch.isPending} onClick={save} data-testid="save-note">
          {words.saveNote}
        </Button>
      </Group>
    </Stack>
  );
}

interface Props {
  event: ProctoringEvent | null;
  sessionId: string;
  noteField: RefObject<HTMLTextAreaElement | null>;
  verdict: Deciding;
}

interface DecisionProps {
  event: ProctoringEvent;
  verdict: Deciding;
  onNote: () => void;
}

/** Three ways on that weigh the same; always in view. */
function Decision({ event, verdict, onNote }: DecisionProps) {
  return (
    <div className={classes.decision}>
      <ErrorNote error={verdict.error} />
      {event.reviewed_by && event.reviewed_at && (
        <Text size="xs" c="dimmed">
          {event.reviewed_by.full_name}, <Moment iso={event.reviewed_at} inherit />
        </Text>
      )}
      <div className={classes.acts}>
        {event.verdict === 'none' ? (
          <>
            <Button variant="default" rightSection={<kbd>C</kbd>} onClick={() => verdict.set('confirmed')} data-testid="confirm">
              {words.confirm}
            </Button>
            <Button variant="default" rightSection={<kbd>D</kbd>} onClick={() => verdict.set('dismissed')} data-testid="dismiss">
              {words.dismiss}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => verdict.set('none')} data-testid="undo-verdict">
            {words.undo}
          </Button>
        )}
        <Button variant="default" rightSection={<kbd>N</kbd>} onClick={onNote}>
          {words.note}
        </Button>
      </div>
    </div>
  );
}

/** What undoing a decision did. */
function Said({ children }: { children: string }) {
  return (
    <Text size="sm" role="status" className={classes.said} data-testid="taken-back">
      {children}
    </Text>
  );
}

/** The selected incident: what, when, why, and what the reviewer makes of it. */
export function IncidentPanel({ event, sessionId, noteField, verdict }: Props) {
  if (!event) {
    return (
      <aside aria-label={words.chosen}>
        <Said>{verdict.said}</Said>
        <Box visibleFrom="sm">
          <Message title={words.nothingChosen} hint={words.choose} icon={<IconPointer size={28} />} />
        </Box>
        <Text hiddenFrom="sm" size="sm" c="dimmed" p="md">
          {words.choose}
        </Text>
      </aside>
    );
  }
  const name = text.events.label(event.event_type);
  return (
    <aside aria-label={name} data-testid="incident-panel" data-event-id={event.id}>
      <Said>{verdict.said}</Said>
      <section className={parts.section}>
        <div className={classes.title}>
          <SeverityShape severity={event.severity} size={14} />
          <h2>{name}</h2>
          <span className={parts.tag}>{text.common.severity[event.severity]}</span>
          <CopyText value={`${window.location.origin}/sessions/${sessionId}/review?event=${event.id}`} label={words.share} />
        </div>
        <div className={classes.when}>
          <Text size="xs" c="dimmed">
            <When event={event} />
          </Text>
          <span className={parts.tag} data-on={event.verdict === 'confirmed' || undefined} data-testid="verdict">
            {words.verdict[event.verdict]}
          </span>
        </div>
        {event.video_id === null && (
          <Text size="xs" c="dimmed">
            {words.unrecorded}
          </Text>
        )}
        <Snapshot event={event} />
      </section>
      <section className={parts.section}>
        <WhyPanel event={event} />
      </section>
      <section className={parts.section}>
        <Note key={event.id} event={event} sessionId={sessionId} field={noteField} />
      </section>
      <Decision event={event} verdict={verdict} onNote={() => noteField.current?.focus()} />
    </aside>
  );
}
