import { Button } from '@mantine/core';
import { IconCheck, IconCircleDashed } from '@tabler/icons-react';
import { useState } from 'react';
import { firstName, initials } from '../../core/names';
import type { Participant } from '../../core/signalling/messages';
import { useConnection, useRemoteStreams } from '../../session/context';
import { text } from '../../text';
import { VideoView } from '../../ui/VideoView';
import classes from './knock.module.css';
import panel from './panel.module.css';

const words = text.room.knock;

function Fact({ name, ok, state }: { name: string; ok: boolean; state: string }) {
  const Sign = ok ? IconCheck : IconCircleDashed;
  return (
    <li data-ok={ok || undefined}>
      <Sign size={16} stroke={2} aria-hidden />
      {name}
      <span>{state}</span>
    </li>
  );
}

function Facts({ person }: { person: Participant }) {
  const { muted, connected } = person;
  return (
    <ul className={classes.facts}>
      <Fact name={words.camera} ok={!muted.video} state={muted.video ? words.off : words.on} />
      <Fact name={words.microphone} ok={!muted.audio} state={muted.audio ? words.off : words.on} />
      <Fact name={words.connection} ok={connected} state={connected ? words.connected : text.room.notConnected} />
    </ul>
  );
}

/** Somebody at the door: their picture without sound, since they do not know who listens, and the way to let them in. */
export function Knock({ person }: { person: Participant }) {
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
    <section aria-label={words.title(name)} data-testid="knock" data-participant-id={person.participant_id}>
      <div className={panel.cap}>
        <h2>{words.heading}</h2>
      </div>
      <div className={classes.guest}>
        <div className={classes.picture}>
          {stream && !person.muted.video ? (
            <VideoView stream={stream.media} muted aria-label={words.pictureOf(name)} data-testid="knock-video" />
          ) : (
            <b aria-hidden="true">{initials(name)}</b>
          )}
        </div>
        <div>
          <b>{name}</b>
          <p>{words.lead}</p>
        </div>
      </div>
      <Facts person={person} />
      <Button size="lg" fullWidth loading={asked} onClick={admit} data-testid="admit">
        {words.admit(firstName(name))}
      </Button>
      <p className={classes.note}>{words.recordingStarts}</p>
    </section>
  );
}
