import { VisuallyHidden } from '@mantine/core';
import { IconMicrophoneOff } from '@tabler/icons-react';
import type { Participant } from '../../core/signalling/messages';
import { initials } from '../../core/names';
import { text } from '../../text';
import { VideoView } from '../../ui/VideoView';
import classes from './tile.module.css';

const words = text.room;

interface Props {
  participant: Participant;
  stream: MediaStream | null;
  hasVideo: boolean;
  /** Nothing of a camera arrives that is not switched off. */
  paused: boolean;
  speaking: boolean;
  large?: boolean;
  onBlocked: () => void;
}

/** Another person: picture or initials, name, whether they speak, are muted or come back. */
export function Tile({ participant, stream, hasVideo, paused, speaking, large, onBlocked }: Props) {
  const { full_name: name, role, muted, connected } = participant;
  const picture = stream !== null && hasVideo && !muted.video;
  const still = paused && !muted.video ? words.cameraPaused : words.cameraIsOff;
  const away = connected ? paused && words.cameraPaused : words.notConnected;
  return (
    <figure className={classes.tile} data-speaking={speaking || undefined} data-empty={!picture || undefined} data-testid="participant-tile">
      {stream && (
        <VideoView
          stream={stream}
          fit={large && role === 'candidate' ? 'contain' : 'cover'}
          onBlocked={onBlocked}
          aria-label={words.videoOf(name)}
          data-testid="remote-video"
          data-participant-role={role}
          data-hidden={picture ? undefined : 'true'}
        />
      )}
      {!picture && (
        <div className={classes.nobody}>
          <b aria-hidden="true">{initials(name)}</b>
          <span {...((!connected || paused) && { role: 'status' })}>{connected ? still : words.notConnected}</span>
        </div>
      )}
      {away && picture && (
        <div className={classes.away} role="status">
          {away}
        </div>
      )}
      <figcaption className={classes.tag}>
        {muted.audio && <IconMicrophoneOff size={14} aria-label={words.muted} />}
        <span>{name}</span>
        {speaking && <VisuallyHidden>{words.speaking}</VisuallyHidden>}
      </figcaption>
    </figure>
  );
}
