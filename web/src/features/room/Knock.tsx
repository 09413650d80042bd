import { Avatar, Button, Text, Title } from '@mantine/core';
import { IconDoorEnter } from '@tabler/icons-react';
import { useState } from 'react';
import type { Participant } from '../../core/signalling/messages';
import { useConnection, useRemoteStreams } from '../../session/context';
import { text } from '../../text';
import { VideoView } from '../../ui/VideoView';
import classes from './knock.module.css';

const words = text.room.knock;

/** Somebody at the door: their picture without sound, since they do not know who listens, and the way to let them in. */
export default function Knock({ person }: { person: Participant }) {
  const connection = useConnection();
  const [asked, setAsked] = useState(false);
  const stream = useRemoteStreams().find(({ info }) => info.participant_id === person.participant_id && info.source === 'camera');
  const name = person.full_name;
  const admit = () => {
    setAsked(true);
    connection.admit(person.participant_id);
    // Lost with the connection: then the button works again.
    setTimeout(() => setAsked(false), 3_000);
  };
  return (
    <section className={classes.knock} aria-label={words.title(name)} data-testid="knock" data-participant-id={person.participant_id}>
      <div className={classes.picture}>
        {stream && !person.muted.video ? (
          <VideoView stream={stream.media} muted aria-label={words.pictureOf(name)} data-testid="knock-video" />
        ) : (
          <Avatar name={name} color="viva" radius="50%" size={48} />
        )}
      </div>
      <div className={classes.words}>
        <Title order={2} size="h3">
          {words.title(name)}
        </Title>
        <Text size="sm" c="dimmed">
          {person.connected ? words.lead : text.room.notConnected}
        </Text>
      </div>
      <Button size="md" leftSection={<IconDoorEnter size={20} />} loading={asked} onClick={admit} data-testid="admit">
        {words.admit}
      </Button>
    </section>
  );
}
