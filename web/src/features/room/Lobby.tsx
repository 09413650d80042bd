import { IconVideoOff } from '@tabler/icons-react';
import { initials } from '../../core/names';
import { useLocalStream, useMuted } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { text } from '../../text';
import { Lead } from '../../ui/CandidateShell';
import { Moment } from '../../ui/Moment';
import { VideoView } from '../../ui/VideoView';
import classes from './lobby.module.css';

const words = text.room.lobby;

function OwnPicture() {
  const stream = useLocalStream();
  const muted = useMuted();
  return (
    <div className={classes.picture}>
      {stream && (
        <VideoView
          stream={stream}
          mirrored
          muted
          aria-label={words.picture}
          data-testid="self-video"
          data-hidden={muted.video ? 'true' : undefined}
        />
      )}
      {muted.video && (
        <div className={classes.dark}>
          <IconVideoOff size={32} aria-hidden />
          {text.room.cameraIsOff}
        </div>
      )}
      <span className={classes.tag}>{words.tag}</span>
    </div>
  );
}

function Panel() {
  const { interviewers } = useDetail().session;
  if (interviewers.length === 0) return null;
  return (
    <>
      <h3 className={classes.meet}>{words.meet}</h3>
      <ul className={classes.people}>
        {interviewers.map((person) => (
          <li key={person.id}>
            <span aria-hidden="true">{initials(person.full_name)}</span>
            <div>
              <b>{person.full_name}</b>
              <p>{words.panelRole[person.panel_role]}</p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Where a candidate waits until an interviewer lets them in: who comes, what happens next. */
export function Lobby() {
  const { scheduled_start: starts } = useDetail().session;
  return (
    <div className={classes.lobby} data-testid="lobby">
      <OwnPicture />
      <div>
        <div role="status">
          <h1>{words.title}</h1>
          <Lead>
            {words.lead}{' '}
            {starts && (
              <>
                {words.starts} <Moment iso={starts} inherit />.
              </>
            )}
          </Lead>
        </div>
        <Panel />
        <p className={classes.privacy}>{words.privacy}</p>
      </div>
    </div>
  );
}
