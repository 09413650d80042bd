import { Badge, Box, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconCheck, IconPointer, IconX } from '@tabler/icons-react';
import { useState, type RefObject } from 'react';
import { usePatchEvent } from '../../api/queries/review';
import type { ProctoringEvent, Verdict } from '../../api/types';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { CopyText } from '../../ui/CopyText';
import { ErrorNote } from '../../ui/ErrorNote';
import { Moment, TimeOfDay } from '../../ui/Moment';
import { SeverityMark } from '../../ui/SeverityMark';
import { Message } from '../../ui/States';
import { eventRange, lasting } from './describe';
import { isSeen } from './measures';
import classes from './review.module.css';
import type { Deciding } from './useDeciding';
import { WhyPanel } from './WhyPanel';

const VERDICT_COLOR: Record<Verdict, string> = { none: 'blue', confirmed: 'viva', dismissed: 'gray' };

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

function Decision({ event, verdict }: { event: ProctoringEvent; verdict: Props['verdict'] }) {
  return (
    <Stack gap="xs">
      <ErrorNote error={verdict.error} />
      {event.verdict === 'none' ? (
        <Group grow>
          <Button leftSection={<IconCheck size={18} />} onClick={() => verdict.set('confirmed')} data-testid="confirm">
            {words.confirm}
          </Button>
          <Button
            variant="default"
            leftSection={<IconX size={18} />}
           
            onClick={() => verdict.set('dismissed')}
            data-testid="dismiss"
          >
            {words.dismiss}
          </Button>
        </Group>
      ) : (
        <Button variant="default" onClick={() => verdict.set('none')} data-testid="undo-verdict">
          {words.undo}
        </Button>
      )}
      {event.reviewed_by && event.reviewed_at && (
        <Text size="xs" c="dimmed">
          {event.reviewed_by.full_name}, <Moment iso={event.reviewed_at} inherit />
        </Text>
      )}
    </Stack>
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
      <aside className={classes.panel} aria-label={words.chosen}>
        <Said>{verdict.said}</Said>
        <Box visibleFrom="sm">
          <Message title={words.nothingChosen} hint={words.choose} icon={<IconPointer size={28} />} />
        </Box>
        <Text hiddenFrom="sm" size="sm" c="dimmed">
          {words.choose}
        </Text>
      </aside>
    );
  }
  return (
    <aside className={classes.panel} aria-label={text.events.label(event.event_type)} data-testid="incident-panel" data-event-id={event.id}>
      <Said>{verdict.said}</Said>
      <Stack gap="md">
        <div>
          <Group justify="space-between" wrap="nowrap">
            <Title order={2}>{text.events.label(event.event_type)}</Title>
            <CopyText value={`${window.location.origin}/sessions/${sessionId}/review?event=${event.id}`} label={words.share} />
          </Group>
          <Group gap="sm">
            <SeverityMark severity={event.severity} />
            <Badge variant="light" color={VERDICT_COLOR[event.verdict]} tt="none" data-testid="verdict">
              {words.verdict[event.verdict]}
            </Badge>
          </Group>
          <Text size="sm" c="dimmed" mt={4}>
            <When event={event} />
          </Text>
          {event.video_id === null && (
            <Text size="sm" c="dimmed">
              {words.unrecorded}
            </Text>
          )}
        </div>
        <Snapshot event={event} />
        <Decision event={event} verdict={verdict} />
        <Note key={event.id} event={event} sessionId={sessionId} field={noteField} />
        <WhyPanel event={event} />
      </Stack>
    </aside>
  );
}
