import { Button, Text, Title } from '@mantine/core';
import { IconVolume } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import type { Participant } from '../../core/signalling/messages';
import type { RecordingView } from '../../core/session/recording';
import { others } from '../../core/session/room';
import { useRemoteStreams, useRoom } from '../../session/context';
import type { SessionOutlet } from '../../session/useDetail';
import { useRecording } from '../../session/useRecording';
import { text } from '../../text';
import { RecordingBadge } from '../../ui/RecordingBadge';
import { Notices } from './Notices';
import classes from './room.module.css';
import { ScreenTile } from './ScreenTile';
import { SelfTile } from './SelfTile';
import { Tile } from './Tile';

// Candidates never see anybody at the door.
const Knock = lazy(() => import('./Knock'));

const words = text.room;

function Waiting({ isCandidate, candidateName }: { isCandidate: boolean; candidateName: string }) {
  const room = useRoom();
  if (!room.entered) return <div className={classes.waiting}>{words.connecting}</div>;
  if (others(room, 'waiting').length > 0) {
    return (
      <div className={classes.waiting} role="status">
        <Text c="inherit" opacity={0.8}>
          {words.knock.below}
        </Text>
      </div>
    );
  }
  return (
    <div className={classes.waiting} role="status" data-testid="waiting">
      <Title order={2}>{isCandidate ? words.waitingTitle : words.waitingCandidate(candidateName)}</Title>
      <Text c="inherit" opacity={0.8}>
        {isCandidate ? words.waitingLead : words.waitingCandidateLead}
      </Text>
    </div>
  );
}

/** Why it does not run, and what becomes of it. */
function whyNot(view: RecordingView, isCandidate: boolean): string | null {
  if (view.state === 'unknown') return isCandidate ? words.unknownOwn : words.unknownOther;
  if (view.state !== 'paused') return null;
  if (view.because === 'storage') return words.pausedStorage;
  return isCandidate ? words.pausedOwn : words.pausedOther;
}

function Top({ isCandidate, blocked, onHear }: { isCandidate: boolean; blocked: boolean; onHear: () => void }) {
  const view = useRecording();
  const because = whyNot(view, isCandidate);
  return (
    <div className={classes.top}>
      {view.state === 'none' ? (
        <span className={classes.quietBadge}>{words.notRecording}</span>
      ) : (
        <RecordingBadge state={view.state} sinceMs={view.sinceMs} />
      )}
      {because !== null && (
        <Text span size="sm" c="dimmed" data-testid="recording-why">
          {because}
        </Text>
      )}
      {blocked && (
        <Button size="xs" leftSection={<IconVolume size={16} />} onClick={onHear} data-testid="click-to-hear">
          {words.hear}
        </Button>
      )}
    </div>
  );
}

/** The pictures: those one came for large, the others and oneself small, nothing ever over a face. A shared screen comes first. */
export function Stage({ session, me, isCandidate }: SessionOutlet) {
  const room = useRoom();
  const remote = useRemoteStreams();
  const stage = useRef<HTMLDivElement>(null);
  const [blocked, setBlocked] = useState(false);
  const onBlocked = useCallback(() => setBlocked(true), []);

  const present = others(room, 'in_room').filter((person) => person.role !== 'observer');
  const wanted = isCandidate ? 'interviewer' : 'candidate';
  const screens = remote.filter(({ info }) => info.source === 'screen');
  const large = present.filter((person) => person.role === wanted);
  const small = present.filter((person) => person.role !== wanted);
  const nameOf = (id: string) => present.find((person) => person.participant_id === id)?.full_name ?? '';

  const hear = () => {
    for (const video of stage.current?.querySelectorAll('video') ?? []) void video.play();
    setBlocked(false);
  };

  const tile = (person: Participant, isLarge: boolean) => {
    const stream = remote.find(({ info }) => info.participant_id === person.participant_id && info.source === 'camera');
    return (
      <Tile
        key={person.participant_id}
        participant={person}
        stream={stream?.media ?? null}
        hasVideo={stream?.info.has_video ?? false}
        speaking={room.speakingId === person.participant_id}
        large={isLarge}
        onBlocked={onBlocked}
      />
    );
  };
  const self = room.role !== 'observer' && <SelfTile name={me.user.full_name} />;

  return (
    <div className={classes.stage} ref={stage} data-screen={screens.length > 0 || undefined}>
      <Top isCandidate={isCandidate} blocked={blocked} onHear={hear} />
      <Notices />
      <Suspense fallback={null}>
        {!isCandidate && others(room, 'waiting').map((person) => <Knock key={person.participant_id} person={person} />)}
      </Suspense>
      {screens.length > 0 ? (
        <div className={classes.shared}>
          <div className={classes.large} data-count={Math.min(screens.length, 4)}>
            {screens.map((stream) => (
              <ScreenTile key={stream.info.stream_id} stream={stream} name={nameOf(stream.info.participant_id)} onBlocked={onBlocked} />
            ))}
          </div>
          <div className={classes.beside}>
            {[...large, ...small].map((person) => tile(person, false))}
            {self}
          </div>
        </div>
      ) : (
        <>
          <div className={classes.large} data-count={Math.min(large.length, 4)}>
            {large.map((person) => tile(person, true))}
            {large.length === 0 && <Waiting isCandidate={isCandidate} candidateName={session.candidate.full_name} />}
          </div>
          <div className={classes.small}>
            {small.map((person) => tile(person, false))}
            {self}
          </div>
        </>
      )}
    </div>
  );
}
