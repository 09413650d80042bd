import { useEffect, useRef, type VideoHTMLAttributes } from 'react';
import { show } from '../core/media/show';
import classes from './VideoView.module.css';

interface Props extends VideoHTMLAttributes<HTMLVideoElement> {
  stream: MediaStream | null;
  mirrored?: boolean;
  fit?: 'cover' | 'contain';
  /** The browser refuses to play sound before a click. */
  onBlocked?: () => void;
  [data: `data-${string}`]: string | undefined;
}

/** A video element for a live MediaStream. */
export function VideoView({ stream, mirrored = false, fit = 'cover', onBlocked, ...rest }: Props) {
  const ref = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    if (ref.current) void show(ref.current, stream, onBlocked);
  }, [stream, onBlocked]);

  return (
    // eslint-disable-next-line jsx-a11y/media-has-caption -- a live picture has no captions
    <video ref={ref} autoPlay playsInline className={classes.video} data-mirrored={mirrored || undefined} data-fit={fit} {...rest} />
  );
}
