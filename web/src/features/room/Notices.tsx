import { Button, CloseButton, Text } from '@mantine/core';
import { IconMicrophoneOff, IconScreenShare, IconVideoOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useConnection, useRoom, useSharedScreen } from '../../session/context';
import { text } from '../../text';
import classes from './notices.module.css';

const words = text.room;

function Notice({ icon, testId, children }: { icon: ReactNode; testId: string; children: ReactNode }) {
  return (
    <div className={classes.notice} role="status" data-testid={testId}>
      {icon}
      {children}
    </div>
  );
}

/** What one must know about oneself: muted by somebody, screen shared. */
export function Notices() {
  const connection = useConnection();
  const { mutedBy, role } = useRoom();
  const screen = useSharedScreen();
  return (
    <>
      {mutedBy && (
        <Notice testId="muted-by" icon={mutedBy.kind === 'audio' ? <IconMicrophoneOff size={20} /> : <IconVideoOff size={20} />}>
          <Text size="sm" className={classes.words}>
            {(mutedBy.kind === 'audio' ? words.mutedBy : words.cameraOffBy)(mutedBy.name)}
          </Text>
          <Button size="xs" variant="default" onClick={() => connection.setMuted(mutedBy.kind, false)}>
            {mutedBy.kind === 'audio' ? words.unmuteShort : words.cameraOnShort}
          </Button>
          <CloseButton aria-label={text.common.close} onClick={() => connection.dismissMuted()} />
        </Notice>
      )}
      {screen && (
        <Notice testId="sharing-screen" icon={<IconScreenShare size={20} />}>
          <Text size="sm" className={classes.words}>
            {role === 'candidate' ? words.screen.sharingRecorded : words.screen.sharing}
          </Text>
          <Button size="xs" variant="default" onClick={() => connection.stopSharing()} data-testid="stop-sharing">
            {words.screen.stop}
          </Button>
        </Notice>
      )}
    </>
  );
}
