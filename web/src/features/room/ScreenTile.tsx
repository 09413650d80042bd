import { IconScreenShare } from '@tabler/icons-react';
import type { RemoteStream } from '../../core/media/connections';
import { text } from '../../text';
import { VideoView } from '../../ui/VideoView';
import classes from './tile.module.css';

interface Props {
  stream: RemoteStream;
  name: string;
  onBlocked: () => void;
}

/** Somebody's shared screen, whole: nothing of it is cut off. */
export function ScreenTile({ stream, name, onBlocked }: Props) {
  return (
    <figure className={classes.tile} data-testid="screen-tile">
      <VideoView stream={stream.media} fit="contain" onBlocked={onBlocked} aria-label={text.room.screen.of(name)} data-testid="screen-video" />
      <figcaption className={classes.tag}>
        <IconScreenShare size={14} aria-hidden />
        <span>{text.room.screen.of(name)}</span>
      </figcaption>
    </figure>
  );
}
