import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff, IconPlugConnected, IconVideo, IconVideoOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useCaptured, useConnectionState, useLocalStream, useMuted, usePublishing } from '../../session/context';
import { text } from '../../text';
import { LevelBar } from '../../ui/LevelBar';
import { useMicLevel } from '../../ui/useMicLevel';
import { VideoView } from '../../ui/VideoView';
import classes from './lobby.module.css';

const words = text.room.lobby;

function Device({ icon, name, state, children }: { icon: ReactNode; name: string; state: string; children?: ReactNode }) {
  return (
    <div className={classes.device}>
      {icon}
      <Text size="sm" fw={600}>
        {name}
      </Text>
      {children ?? <span />}
      <Text size="sm" c="dimmed">
        {state}
      </Text>
    </div>
  );
}

function Devices() {
  const stream = useLocalStream();
  const captured = useCaptured();
  const muted = useMuted();
  const { level } = useMicLevel(muted.audio ? null : stream);
  const open = useConnectionState().phase === 'open';
  const publishing = usePublishing();
  const connected = open && publishing === 'connected';
  const state = (off: boolean) => (captured.phase === 'failed' ? words.missing : stream === null ? words.connecting : off ? words.off : words.on);
  return (
    <div>
      <Device icon={muted.video ? <IconVideoOff size={20} /> : <IconVideo size={20} />} name={words.camera} state={state(muted.video)} />
      <Device
        icon={muted.audio ? <IconMicrophoneOff size={20} /> : <IconMicrophone size={20} />}
        name={words.microphone}
        state={state(muted.audio)}
      >
        <LevelBar value={muted.audio ? 0 : level} label={text.attend.check.level} />
      </Device>
      <Device icon={<IconPlugConnected size={20} />} name={words.connection} state={connected ? words.connected : words.connecting} />
    </div>
  );
}

/** Where a candidate waits until an interviewer lets them in: what happens next, and that their devices work. */
export function Lobby() {
  const stream = useLocalStream();
  const muted = useMuted();
  return (
    <div className={classes.lobby} data-testid="lobby">
      <Paper withBorder radius="lg" className={classes.card}>
        <Stack gap={4} role="status">
          <Group gap="sm" wrap="nowrap">
            <span className={classes.pulse} aria-hidden="true" />
            <Title order={1}>{words.title}</Title>
          </Group>
          <Text c="dimmed">{words.lead}</Text>
        </Stack>
        <div className={classes.grid}>
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
          </div>
          <Stack gap="md">
            <Devices />
            <Text size="sm" c="dimmed">
              {words.privacy}
            </Text>
          </Stack>
        </div>
      </Paper>
    </div>
  );
}
