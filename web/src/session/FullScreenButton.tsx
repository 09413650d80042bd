import { IconMaximize } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { text } from '../text';
import classes from './CandidateFrame.module.css';
import { useDetail } from './useDetail';

/** Offers the full screen where leaving it is watched; once in it there is nothing to offer. */
export function FullScreenButton() {
  const { session } = useDetail();
  const [full, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  if (full || !document.fullscreenEnabled || !session.consent.event_types.includes('fullscreen_exit')) return null;
  const enter = () => document.documentElement.requestFullscreen().catch(() => undefined);
  return (
    <button
      type="button"
      className={classes.eye}
      aria-label={text.attend.fullScreen}
      title={text.attend.fullScreen}
      onClick={() => void enter()}
      data-testid="full-screen"
    >
      <IconMaximize size={20} stroke={1.6} aria-hidden />
    </button>
  );
}
