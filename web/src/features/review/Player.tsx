import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconClockPlay, IconVideoOff } from '@tabler/icons-react';
import { useEffect, type ReactNode, type RefObject } from 'react';
import type { Video } from '../../api/types';
import { after, beside, gapAt, isPlayable, isScreen, type Entry } from '../../core/playback/playlist';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { Message } from '../../ui/States';
import { Companion, isShown } from './Companion';
import { seekElement, setRate, setVolume } from './element';
import classes from './player.module.css';
import type { Desk } from './useDesk';

const ICONS: Record<'recording' | 'finalising' | 'failed', ReactNode> = {
  recording: <IconClockPlay size={28} />,
  finalising: <Loader size={28} />,
  failed: <IconVideoOff size={28} />,
};

/** Why a video cannot be played (yet). */
function NotPlayable({ video }: { video: Video }) {
  if (video.status === 'ready' || video.status === 'recovered') return null;
  const { title, hint } = words.videoState[video.status];
  return (
    <div className={classes.overlay} data-video-status={video.status}>
      <Message
        title={title}
        hint={video.error ? `${hint} (${video.error})` : hint}
        icon={ICONS[video.status]}
        color={video.status === 'failed' ? 'red' : 'viva'}
      />
    </div>
  );
}

/** Why the picture stands still. */
function Gap({ entry, timeMs }: { entry: Entry; timeMs: number }) {
  const gap = gapAt(entry.video, timeMs);
  if (!gap) return null;
  return (
    <p className={classes.gap} role="status" data-testid="gap">
      {words.inGap((gap.toMs - gap.fromMs) / 1000, gap.reason)}
    </p>
  );
}

/** Companions are fetched this long before they have something to show. */
const AHEAD_MS = 15_000;

interface Props {
  desk: Desk;
  video: RefObject<HTMLVideoElement | null>;
  /** The camera is the larger one of two. */
  cameraLarge: boolean;
  onToggle: () => void;
}

/** Puts the leading video where it is asked to be, once its file knows its length. */
function useLead(desk: Desk, video: RefObject<HTMLVideoElement | null>, source: string | undefined): void {
  const { pending, rate, volume, muted } = desk.player;
  const { dispatch } = desk;
  useEffect(() => {
    const element = video.current;
    if (!element || !pending || !source) return;
    const apply = () => {
      // Who pressed play before the file knew its length meant it.
      seekElement(element, pending.timeMs, pending.play || !element.paused);
      dispatch({ type: 'loaded' });
    };
    if (element.readyState >= HTMLMediaElement.HAVE_METADATA) {
      apply();
      return;
    }
    element.addEventListener('loadedmetadata', apply, { once: true });
    return () => element.removeEventListener('loadedmetadata', apply);
  }, [video, pending, source, dispatch]);

  // A video of its own is a new element, which knows nothing of these.
  useEffect(() => setRate(video.current, rate), [video, rate, source]);
  useEffect(() => setVolume(video.current, volume, muted), [video, volume, muted, source]);
}

/** The recording, and beside it what was recorded at the same time. */
export function Player({ desk, video, cameraLarge, onToggle }: Props) {
  const { player, entry, dispatch } = desk;
  const { timeMs } = player;
  const source = entry && isPlayable(entry.video) ? entry.video.file_url : undefined;
  useLead(desk, video, source);

  const companions = entry ? beside(desk.entries, entry) : [];
  const near = companions.filter(({ entry: other, addMs }) => timeMs + addMs > -AHEAD_MS && timeMs + addMs < other.durationMs);
  const shown = near.filter(({ entry: other, addMs }) => isShown(other, timeMs + addMs));
  const kind = entry && isScreen(entry.video) ? 'screen' : 'camera';

  const ended = () => {
    dispatch({ type: 'ended' });
    const position = entry && after(desk.entries, entry);
    if (position) dispatch({ type: 'seek', position, play: true });
  };

  return (
    <div
      className={classes.screen}
      data-wide={companions.length > 0 || undefined}
      data-panes={Math.min(2, 1 + shown.length)}
      data-camera-large={cameraLarge || undefined}
    >
      <figure className={classes.pane} data-source={kind}>
        {/* eslint-disable-next-line jsx-a11y/media-has-caption -- a raw recording has no captions */}
        <video
          key={source}
          ref={video}
          src={source}
          preload="auto"
          playsInline
          aria-label={words.player}
          data-testid="player"
          data-video-id={entry?.video.id}
          onClick={onToggle}
          onTimeUpdate={(event) => dispatch({ type: 'time', timeMs: event.currentTarget.currentTime * 1000 })}
          onPlay={() => dispatch({ type: 'played' })}
          onPause={() => dispatch({ type: 'paused' })}
          onEnded={ended}
          onError={() => source && dispatch({ type: 'failed' })}
        />
        {shown.length > 0 && <figcaption>{words.source[kind]}</figcaption>}
        {entry && <Gap entry={entry} timeMs={timeMs} />}
      </figure>
      {source !== undefined &&
        entry &&
        near.map(({ entry: other, addMs }) => (
          <Companion key={other.video.id} desk={desk} entry={other} addMs={addMs} lead={video} leadId={entry.video.id} onToggle={onToggle} />
        ))}
      {entry && <NotPlayable video={entry.video} />}
      {player.status === 'failed' && (
        <div className={classes.overlay}>
          <Message title={words.loadFailedTitle} hint={text.errors.byCode('offline')} icon={<IconAlertTriangle size={28} />} color="red" code="video_failed" />
        </div>
      )}
    </div>
  );
}
