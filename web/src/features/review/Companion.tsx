import { useEffect, useRef, type RefObject } from 'react';
import { gapAt, isScreen, type Entry } from '../../core/playback/playlist';
import { review as reviewText } from '../../text/review';
import { entryName } from './describe';
import { setVolume } from './element';
import classes from './player.module.css';
import type { Desk } from './useDesk';
import { useFollow } from './useFollow';

interface Props {
  desk: Desk;
  entry: Entry;
  addMs: number;
  lead: RefObject<HTMLVideoElement | null>;
  leadId: string;
  onToggle: () => void;
}

/** Whether a video that runs beside has a picture at the moment. */
export function isShown(entry: Entry, timeMs: number): boolean {
  return timeMs >= 0 && timeMs < entry.durationMs && gapAt(entry.video, timeMs) === null;
}

/** A recording that ran at the same time, in step with the one that leads. */
export function Companion({ desk, entry, addMs, lead, leadId, onToggle }: Props) {
  const ref = useRef<HTMLVideoElement>(null);
  const { timeMs, volume, muted } = desk.player;
  useFollow(lead, ref, addMs, leadId);
  useEffect(() => setVolume(ref.current, volume, muted), [volume, muted]);
  const source = isScreen(entry.video) ? 'screen' : 'camera';
  return (
    <figure className={classes.pane} data-source={source} data-off={!isShown(entry, timeMs + addMs) || undefined} data-testid="companion-pane">
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- a raw recording has no captions */}
      <video
        ref={ref}
        src={entry.video.file_url}
        preload="auto"
        playsInline
        aria-label={entryName(entry)}
        data-testid="companion"
        data-video-id={entry.video.id}
        onClick={onToggle}
      />
      <figcaption>{reviewText.source[source]}</figcaption>
    </figure>
  );
}
