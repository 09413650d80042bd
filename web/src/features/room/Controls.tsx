import { Button, VisuallyHidden } from '@mantine/core';
import {
  IconDoorExit,
  IconMessage,
  IconMicrophone,
  IconMicrophoneOff,
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
import { useMicLevel } from '../../ui/useMicLevel';
import classes from './controls.module.css';

const words = text.room;

interface ControlProps {
  /** The word under the icon; the label says it in full. */
  word: string;
  label: string;
  icon: ReactNode;
  testId: string;
  pressed?: boolean;
  apart?: boolean;
  onClick: () => void;
  ref?: Ref<HTMLButtonElement>;
  children?: ReactNode;
}

function Control({ word, label, icon, testId, pressed, apart = false, onClick, ref, children }: ControlProps) {
  return (
    <button
      ref={ref}
      type="button"
      className={classes.control}
      data-off={pressed ? true : undefined}
      data-apart={apart || undefined}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
      data-testid={testId}
    >
      <i aria-hidden="true">{icon}</i>
      <span aria-hidden="true">{word}</span>
      {children}
    </button>
  );
}

const SIGN = { size: 20, stroke: 1.6 } as const;

function Level() {
  const { level } = useMicLevel(useLocalStream());
  return (
    <span className={classes.level} aria-hidden="true">
      <i style={{ transform: `scaleX(${level})` }} />
    </span>
  );
}

function Devices() {
  const connection = useConnection();
  const muted = useMuted();
  const stream = useLocalStream();
  if (!stream) {
    return (
      <Control
        word={words.short.camera}
        label={words.enableCamera}
        icon={<IconVideo {...SIGN} />}
        onClick={() => void connection.start()}
        testId="enable-camera"
      />
    );
  }
  return (
    <>
      <Control
        word={words.short.mute}
        label={muted.audio ? words.unmute : words.mute}
        icon={muted.audio ? <IconMicrophoneOff {...SIGN} /> : <IconMicrophone {...SIGN} />}
        pressed={muted.audio}
        onClick={() => connection.setMuted('audio', !muted.audio)}
        testId="toggle-microphone"
      >
        {!muted.audio && <Level />}
      </Control>
      <Control
        word={words.short.camera}
        label={muted.video ? words.cameraOn : words.cameraOff}
        icon={muted.video ? <IconVideoOff {...SIGN} /> : <IconVideo {...SIGN} />}
        pressed={muted.video}
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
    <Control
      word={words.short.share}
      label={shared ? words.screen.stop : words.screen.share}
      icon={shared ? <IconScreenShareOff {...SIGN} /> : <IconScreenShare {...SIGN} />}
      pressed={shared}
      onClick={toggle}
      testId="toggle-screen"
    />
  );
}

function ChatButton({ open, onToggle, ref }: { open: boolean; onToggle: () => void; ref: Ref<HTMLButtonElement> }) {
  const { unread } = useChat();
  return (
    <>
      <Control
        ref={ref}
        word={words.short.chat}
        label={open ? words.chat.close : words.chat.open}
        icon={<IconMessage {...SIGN} />}
        pressed={open}
        onClick={onToggle}
        testId="toggle-chat"
      >
        {unread > 0 && (
          <span className={classes.unread} aria-hidden="true" data-testid="chat-unread">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </Control>
      <VisuallyHidden role="status">{unread > 0 && words.chat.unread(unread)}</VisuallyHidden>
    </>
  );
}

type Dialog = 'leave' | 'end' | null;

export interface ControlsProps {
  session: SessionDetail;
  isCandidate: boolean;
  chatOpen: boolean;
  chatButton: Ref<HTMLButtonElement>;
  onChat: () => void;
}

/** The bar below the pictures. */
export function Controls({ session, isCandidate, chatOpen, chatButton, onChat }: ControlsProps) {
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
    <div className={classes.dock} role="toolbar" aria-label={words.controls}>
      <div className={classes.error}>
        <ErrorNote error={end.error ?? screenError} />
      </div>
      <div className={classes.controls}>
        {role !== 'observer' && <Devices />}
        {entered && role !== 'observer' && <ScreenButton onError={setScreenError} />}
        {entered && <ChatButton open={chatOpen} onToggle={onChat} ref={chatButton} />}
        <Control word={words.leave} label={words.leave} icon={<IconDoorExit {...SIGN} />} apart onClick={() => setDialog('leave')} testId="leave" />
      </div>
      {!isCandidate && role !== 'observer' && (
        <Button variant="default" size="md" className={classes.end} onClick={() => setDialog('end')} data-testid="end-session">
          {words.end}
        </Button>
      )}
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
