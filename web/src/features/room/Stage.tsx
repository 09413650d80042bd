import { Button } from '@mantine/core';
import { IconLock, IconVolume } from '@tabler/icons-react';
import { useCallback, useRef, useState } from 'react';
import { firstName } from '../../core/names';
import type { Participant } from '../../core/signalling/messages';
import type { RecordingView } from '../../core/session/recording';
import { others } from '../../core/session/room';
import { useRemoteStreams, useRoom } from '../../session/context';
import type { SessionOutlet } from '../../session/useDetail';
import { useRecording } from '../../session/useRecording';
import { text } from '../../text';
import { RecordingBadge } from '../../ui/RecordingBadge';
import { Notices } from './Notices';
import classes from './stage.module.css';
import { ScreenTile } from './ScreenTile';
import { SelfTile } from './SelfTile';
import { Tile } from './Tile';

const words = text.room;

function Waiting() {
  const room = useRoom();
  if (!room.entered) return <div className={classes.waiting}>{words.connecting}</div>;
  return (
    <div className={classes.waiting} role="status" data-testid="waiting">
      <h2>{words.waitingTitle}</h2>
      <p>{words.waitingLead}</p>
    </div>
  );
}

/** Who can hear the panel while the candidate is not in. */
function Alone({ candidateName }: { candidateName: string }) {
  const room = useRoom();
  if (!room.entered) return <div className={classes.strip}>{words.connecting}</div>;
  const knocks = others(room, 'waiting').length > 0;
  return (
    <div className={classes.strip} role="status" {...(!knocks && { 'data-testid': 'waiting' })}>
      <IconLock size={20} stroke={1.6} aria-hidden />
      <span>
        <b>{knocks ? words.knock.onlyPanel : words.waitingCandidate(candidateName)}</b>{' '}
        {knocks ? words.knock.privately(firstName(candidateName)) : words.waitingCandidateLead}
      </span>
    </div>
  );
}

/** Why it does not run, and what becomes of it. */
function whyNot(view: RecordingView, isCandidate: boolean): string | null {
  if (view.state === 'none') return view.because ? words.notWritten : null;
  if (view.state === 'unknown') return isCandidate ? words.unknownOwn : words.unknownOther;
  if (view.state !== 'paused') return null;
  if (view.because === 'storage') return words.pausedStorage;
  return isCandidate ? words.pausedOwn : words.pausedOther;
}

function Notes({ isCandidate, blocked, onHear }: { isCandidate: boolean; blocked: boolean; onHear: () => void }) {
  const view = useRecording();
  const because = whyNot(view, isCandidate);
  const failed = view.state === 'none';
  return (
    <div className={classes.notes}>
      {because !== null && (
        <div className={classes.strip} role={failed ? 'alert' : undefined} data-bad={failed || undefined} data-testid="recording-why">
          {because}
        </div>
      )}
      {blocked && (
        <Button size="md" leftSection={<IconVolume size={16} />} onClick={onHear} data-testid="click-to-hear">
          {words.hear}
        </Button>
      )}
      <Notices />
    </div>
  );
}

/** On the interviewers' large picture: that it is recorded. */
function Rec() {
  const view = useRecording();
  if (view.state === 'none') return null;
  return (
    <div className={classes.rec}>
      <RecordingBadge state={view.state} sinceMs={view.sinceMs} veil />
    </div>
  );
}

function usePeople(isCandidate: boolean) {
  const room = useRoom();
  const present = others(room, 'in_room').filter((person) => person.role !== 'observer');
  const wanted = isCandidate ? 'interviewer' : 'candidate';
  const [main, ...more] = present.filter((person) => person.role === wanted);
  return { present, main, small: [...more, ...present.filter((person) => person.role !== wanted)] };
}

/** The pictures: whom one came for large, the others and oneself small. A shared screen comes first. */
export function Stage({ session, me, isCandidate }: SessionOutlet) {
  const room = useRoom();
  const remote = useRemoteStreams();
  const stage = useRef<HTMLDivElement>(null);
  const [blocked, setBlocked] = useState(false);
  const onBlocked = useCallback(() => setBlocked(true), []);
  const { present, main, small } = usePeople(isCandidate);
  const screens = remote.filter(({ info }) => info.source === 'screen');
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
        paused={stream?.paused ?? person.role === 'candidate'}
        speaking={room.speakingId === person.participant_id}
        large={isLarge}
        onBlocked={onBlocked}
      />
    );
  };
  const self = room.role !== 'observer' && <SelfTile name={me.user.full_name} />;
  const tiles = small.map((person) => tile(person, false));

  return (
    <div className={classes.stage} ref={stage}>
      <Notes isCandidate={isCandidate} blocked={blocked} onHear={hear} />
      {screens.length > 0 ? (
        <div className={classes.shared}>
          <div className={classes.screens}>
            {screens.map((stream) => (
              <ScreenTile key={stream.info.stream_id} stream={stream} name={nameOf(stream.info.participant_id)} onBlocked={onBlocked} />
            ))}
          </div>
          <div className={classes.beside}>
            {!isCandidate && <Rec />}
            {main && tile(main, false)}
            {tiles}
            {self}
          </div>
        </div>
      ) : !isCandidate && !main ? (
        <>
          <Alone candidateName={session.candidate.full_name} />
          <div className={classes.four}>
            {tiles}
            {self}
          </div>
        </>
      ) : (
        <div className={classes.pictures} data-beside={(isCandidate && tiles.length > 0) || undefined} data-below={!isCandidate || undefined}>
          <div className={classes.big}>
            {main ? tile(main, true) : <Waiting />}
            {isCandidate ? self && <div className={classes.mine}>{self}</div> : <Rec />}
          </div>
          {(tiles.length > 0 || !isCandidate) && (
            <div className={classes.tiles}>
              {tiles}
              {!isCandidate && self}
            </div>
          )}
        </div>
      )}
    </div>
  );
}
