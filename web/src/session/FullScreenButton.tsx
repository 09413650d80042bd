import { Button } from '@mantine/core';
import { IconMaximize } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { text } from '../text';

/** Offers the full screen where leaving it is watched; once in it there is nothing to offer. */
export function FullScreenButton({ types }: { types: readonly string[] }) {
  const [full, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  if (full || !document.fullscreenEnabled || !types.includes('fullscreen_exit')) return null;
  const enter = () => document.documentElement.requestFullscreen().catch(() => undefined);
  return (
    <Button variant="subtle" color="gray" size="xs" leftSection={<IconMaximize size={16} />} onClick={() => void enter()} data-testid="full-screen">
      {text.attend.fullScreen}
    </Button>
  );
}
