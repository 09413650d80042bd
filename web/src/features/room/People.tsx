import { ActionIcon, Avatar, Group, Text, VisuallyHidden } from '@mantine/core';
import { IconMicrophoneOff, IconUserX, IconVideoOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { Participant, TrackKind } from '../../core/signalling/messages';
import { useConnection, useRoom } from '../../session/context';
import { text } from '../../text';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import classes from './people.module.css';
import panel from './panel.module.css';

const words = text.room.people;

interface ActionsProps {
  person: Participant;
  onAsk: (kind: TrackKind) => void;
  onRemove: () => void;
}

function Actions({ person, onAsk, onRemove }: ActionsProps) {
  const { full_name: name, muted, place, role } = person;
  const action = { size: 32, variant: 'subtle', color: 'gray' } as const;
  const speaks = place === 'in_room' && role !== 'observer';
  return (
    <Group gap={0} wrap="nowrap">
      {speaks && (
        <>
          <ActionIcon
            {...action}
            aria-label={words.askMute(name)}
            title={words.askMute(name)}
            disabled={muted.audio}
            onClick={() => onAsk('audio')}
            data-testid="ask-mute"
          >
            <IconMicrophoneOff size={18} />
          </ActionIcon>
          <ActionIcon
            {...action}
            aria-label={words.askCamera(name)}
            title={words.askCamera(name)}
            disabled={muted.video}
            onClick={() => onAsk('video')}
            data-testid="ask-camera-off"
          >
            <IconVideoOff size={18} />
          </ActionIcon>
        </>
      )}
      <ActionIcon {...action} aria-label={words.remove(name)} title={words.remove(name)} onClick={onRemove} data-testid="remove">
        <IconUserX size={18} />
      </ActionIcon>
    </Group>
  );
}

/** Who is here or at the door; an interviewer asks them to mute or removes them. */
export function People() {
  const connection = useConnection();
  const { participants, selfId, role } = useRoom();
  const [removing, setRemoving] = useState<Participant | null>(null);
  const [asked, setAsked] = useState<string | null>(null);

  const facts = (person: Participant): string =>
    [
      text.room.role[person.role],
      person.participant_id === selfId && words.you,
      person.place === 'waiting' && words.waiting,
      !person.connected && words.away,
    ]
      .filter(Boolean)
      .join(' · ');

  const ask = (person: Participant, kind: TrackKind) => {
    connection.askToMute(person.participant_id, kind);
    setAsked(words.asked(person.full_name));
  };

  return (
    <section className={classes.people} aria-label={words.title} data-testid="people">
      <div className={panel.cap}>
        <h2>{words.title}</h2>
        {participants.length}
      </div>
      <ul className={classes.list}>
        {participants.map((person) => (
          <li key={person.participant_id} className={classes.person} data-testid="person" data-participant-role={person.role} data-place={person.place}>
            <Avatar name={person.full_name} color="viva" radius="xl" size={32} />
            <div className={classes.who}>
              <Text size="sm" fw={600} truncate>
                {person.full_name}
              </Text>
              <Text size="xs" c="dimmed">
                {facts(person)}
              </Text>
            </div>
            {person.participant_id !== selfId && role === 'interviewer' && (
              <Actions person={person} onAsk={(kind) => ask(person, kind)} onRemove={() => setRemoving(person)} />
            )}
          </li>
        ))}
      </ul>
      <VisuallyHidden role="status">{asked}</VisuallyHidden>
      <ConfirmDialog
        opened={removing !== null}
        title={words.removeTitle(removing?.full_name ?? '')}
        lead={removing?.role === 'candidate' ? words.removeCandidate : words.removeInterviewer}
        confirm={words.removeConfirm}
        danger
        testId="remove-confirm"
        onConfirm={() => {
          if (removing) connection.remove(removing.participant_id);
          setRemoving(null);
        }}
        onClose={() => setRemoving(null)}
      />
    </section>
  );
}
