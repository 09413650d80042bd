import { IconMicrophoneOff } from '@tabler/icons-react';
import { initials } from '../../core/names';
import { useLocalStream, useMuted, useRoom } from '../../session/context';
import { text } from '../../text';
import { VideoView } from '../../ui/VideoView';
import classes from './tile.module.css';

/** One's own picture, mirrored. */
export function SelfTile({ name }: { name: string }) {
  const stream = useLocalStream();
  const muted = useMuted();
  const { speakingId, selfId } = useRoom();
  const picture = stream !== null && !muted.video;
  return (
    <figure className={classes.tile} data-speaking={(selfId !== null && speakingId === selfId) || undefined} data-empty={!picture || undefined}>
      {stream && (
        <VideoView
          stream={stream}
          mirrored
          muted
          aria-label={text.room.selfPicture}
          data-testid="self-video"
          data-hidden={picture ? undefined : 'true'}
        />
      )}
      {!picture && (
        <div className={classes.nobody}>
          <b aria-hidden="true">{initials(name)}</b>
        </div>
      )}
      <figcaption className={classes.tag}>
        {muted.audio && <IconMicrophoneOff size={14} aria-label={text.room.muted} />}
        <span>{text.room.you}</span>
      </figcaption>
    </figure>
  );
}
