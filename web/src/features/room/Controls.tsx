import { ActionIcon, Button, Group, VisuallyHidden } from '@mantine/core';
import {
  IconDoorExit,
  IconEye,
  IconMessage,
  IconMicrophone,
  IconMicrophoneOff,
  IconPlayerStop,
  IconScreenShare,
  IconScreenShareOff,
  IconVideo,
  IconVideoOff,
} from '@tabler/icons-react';
import { useState, type ReactNode, type Ref } from 'react';
import { useNavigate } from 'react-router';
import { useEndSession } from '../../api/queries/session';
import type { SessionDetail } from '../../api/types';
import { canShareScreen } from '../../core/media/display';
import { useChat, useConnection, useLocalStream, useMuted, useRoom, useSharedScreen } from '../../session/context';
import { text } from '../../text';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ErrorNote } from '../../ui/ErrorNote';
import classes from './room.module.css';

const words = text.room;

interface RoundProps {
  label: string;
  icon: ReactNode;
  testId: string;
  pressed: boolean;
  color?: string;
  onClick: () => void;
  ref?: Ref<HTMLButtonElement>;
}

function Round({ label, icon, testId, pressed, color, onClick, ref }: RoundProps) {
  return (
    <ActionIcon
      ref={ref}
      size={44}
      radius="xl"
      variant={pressed ? 'filled' : 'default'}
      color={pressed ? color : undefined}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
      data-testid={testId}
    >
      {icon}
    </ActionIcon>
  );
}

function Devices() {
  const connection = useConnection();
  const muted = useMuted();
  const stream = useLocalStream();
  if (!stream) {
    return (
      <Button variant="default" h={44} radius="xl" leftSection={<IconVideo size={18} />} onClick={() => void connection.start()}>
        {words.enableCamera}
      </Button>
    );
  }
  return (
    <>
      <Round
        label={muted.audio ? words.unmute : words.mute}
        icon={muted.audio ? <IconMicrophoneOff size={22} /> : <IconMicrophone size={22} />}
        pressed={muted.audio}
        color="red"
        onClick={() => connection.setMuted('audio', !muted.audio)}
        testId="toggle-microphone"
      />
      <Round
        label={muted.video ? words.cameraOn : words.cameraOff}
        icon={muted.video ? <IconVideoOff size={22} /> : <IconVideo size={22} />}
        pressed={muted.video}
        color="red"
        onClick={() => connection.setMuted('video', !muted.video)}
        testId="toggle-camera"
      />
    </>
  );
}

function ScreenButton({ onError }: { onError: (error: unknown) => void }) {
  const connection = useConnection();
  const shared = useSharedScreen() !== null;
  if (!canShareScreen()) return null;
  const toggle = () => {
    onError(null);
    if (shared) connection.stopSharing();
    else connection.shareScreen().catch(() => onError({ code: 'screen_failed' }));
  };
  return (
    <Round
      label={shared ? words.screen.stop : words.screen.share}
      icon={shared ? <IconScreenShareOff size={22} /> : <IconScreenShare size={22} />}
      pressed={shared}
      onClick={toggle}
      testId="toggle-screen"
    />
  );
}

function ChatButton({ open, onToggle, ref }: { open: boolean; onToggle: () => void; ref: Ref<HTMLButtonElement> }) {
  const { unread } = useChat();
  return (
    <span className={classes.badged}>
      <Round
        ref={ref}
        label={open ? words.chat.close : words.chat.open}
        icon={<IconMessage size={22} />}
        pressed={open}
        onClick={onToggle}
        testId="toggle-chat"
      />
      {unread > 0 && (
        <span className={classes.unread} aria-hidden="true" data-testid="chat-unread">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
      <VisuallyHidden role="status">{unread > 0 && words.chat.unread(unread)}</VisuallyHidden>
    </span>
  );
}

type Dialog = 'leave' | 'end' | null;

export interface ControlsProps {
  session: SessionDetail;
  isCandidate: boolean;
  chatOpen: boolean;
  chatButton: Ref<HTMLButtonElement>;
  onChat: () => void;
  onWatched: () => void;
}

/** The bar below the pictures. */
export function Controls({ session, isCandidate, chatOpen, chatButton, onChat, onWatched }: ControlsProps) {
  const connection = useConnection();
  const navigate = useNavigate();
  const { entered, role } = useRoom();
  const [dialog, setDialog] = useState<Dialog>(null);
  const [screenError, setScreenError] = useState<unknown>(null);
  const end = useEndSession(session.id);

  const leave = () => {
    connection.leave();
    void navigate(`/sessions/${session.id}/done`, { replace: true });
  };
  return (
    <div className={classes.controls} role="toolbar" aria-label={words.controls}>
      <ErrorNote error={end.error ?? screenError} />
      <Group gap="sm" justify="center">
        {role !== 'observer' && <Devices />}
        {entered && role !== 'observer' && <ScreenButton onError={setScreenError} />}
        {entered && <ChatButton open={chatOpen} onToggle={onChat} ref={chatButton} />}
        {isCandidate && (
          <Button variant="default" h={44} radius="xl" onClick={onWatched} aria-label={words.watched} className={classes.shrinks}>
            <IconEye size={20} aria-hidden />
            <span className={classes.wide}>&nbsp; {words.watched}</span>
          </Button>
        )}
        <Button
          variant="default"
          h={44}
          radius="xl"
          onClick={() => setDialog('leave')}
          aria-label={words.leave}
          className={classes.shrinks}
          data-testid="leave"
        >
          <IconDoorExit size={20} aria-hidden />
          <span className={classes.wide}>&nbsp; {words.leave}</span>
        </Button>
        {!isCandidate && role !== 'observer' && (
          <Button color="red" h={44} radius="xl" leftSection={<IconPlayerStop size={18} />} onClick={() => setDialog('end')} data-testid="end-session">
            {words.end}
          </Button>
        )}
      </Group>
      <ConfirmDialog
        opened={dialog === 'leave'}
        title={words.leaveTitle}
        lead={words.leaveLead}
        confirm={words.leave}
        cancel={words.stay}
        testId="leave-confirm"
        onConfirm={leave}
        onClose={() => setDialog(null)}
      />
      <ConfirmDialog
        opened={dialog === 'end'}
        title={words.endTitle}
        lead={words.endLead}
        confirm={words.endConfirm}
        danger
        busy={end.isPending}
        testId="end-session-confirm"
        onConfirm={() => end.mutate(undefined, { onSettled: () => setDialog(null) })}
        onClose={() => setDialog(null)}
      />
    </div>
  );
}
