import { Group, Loader, Text } from '@mantine/core';
import { text } from '../text';
import { useNow } from '../ui/useNow';
import classes from './ConnectionBanner.module.css';
import { useConnectionState, useLocalStream, usePublishing, useRoom } from './context';
import { useRecording } from './useRecording';

const words = text.attend.banner;

/** A calm strip with the seconds since the connection was lost, and what becomes of the recording; nothing to press. */
export function ConnectionBanner() {
  const state = useConnectionState();
  const publishing = usePublishing();
  const local = useLocalStream();
  const { entered, role } = useRoom();
  const recording = useRecording();
  const lost = state.phase === 'reconnecting';
  const now = useNow(500, lost);

  if (!lost && !(entered && local && publishing === 'connecting')) return null;
  const seconds = lost ? Math.max(0, Math.round((now - state.sinceMs) / 1000)) : 0;
  // Others are recorded, or not, whatever becomes of one's own connection.
  const own = role === 'candidate' ? recording.state : 'none';
  return (
    <div className={classes.banner} role="status" data-testid="connection-banner" data-state={lost ? 'reconnecting' : 'media'}>
      <Group gap="xs" justify="center" wrap="nowrap">
        <Loader size={16} color="currentColor" />
        <Text size="sm" c="inherit">
          {lost ? words.reconnecting(seconds) : words.mediaConnecting} {words.recording[own]}
        </Text>
      </Group>
    </div>
  );
}
