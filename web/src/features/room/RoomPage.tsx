import { List, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { others } from '../../core/session/room';
import { CaptureProblem } from '../../session/CaptureProblem';
import { ConnectionBanner } from '../../session/ConnectionBanner';
import { useCaptured, useConnection, useRoom } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { WatchLine } from '../../session/WatchLine';
import { text } from '../../text';
import { Dialog } from '../../ui/Dialog';
import { Shell } from '../../ui/Page';
import { Controls } from './Controls';
import { Lobby } from './Lobby';
import classes from './room.module.css';
import { Stage } from './Stage';

// Candidates never download what only interviewers see.
const InterviewerPanel = lazy(() => import('./InterviewerPanel'));
// Loaded when the chat is first opened.
const ChatPanel = lazy(() => import('./ChatPanel'));

/** Says who is here to those who cannot see the tiles. */
function Attendance() {
  const room = useRoom();
  const names = [
    ...others(room, 'in_room').map((person) => words.joined(person.full_name)),
    ...others(room, 'waiting').map((person) => words.knocked(person.full_name)),
  ];
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {names.join(', ')}
    </VisuallyHidden>
  );
}

const words = text.room;

/** The live room of a candidate and their interviewers. */
export default function RoomPage() {
  const detail = useDetail();
  const { session, isCandidate, isObserver } = detail;
  const connection = useConnection();
  const captured = useCaptured();
  const { waiting } = useRoom();
  const [watched, setWatched] = useState(false);
  const [chatOpen, setChatOpen] = useState(false);
  const chatButton = useRef<HTMLButtonElement>(null);
  const chatShown = chatOpen && !waiting;

  const closeChat = () => {
    setChatOpen(false);
    chatButton.current?.focus();
  };

  // After a reload devices and seat are taken up again.
  useEffect(() => {
    if (connection.captured.get().phase !== 'off' || connection.state.get().phase !== 'idle') return;
    if (isObserver) connection.enterWhenConnected();
    else void connection.start();
  }, [connection, isObserver]);

  // Interviewers without a camera still need their seat.
  useEffect(() => {
    if (!isCandidate && captured.phase === 'failed') connection.enterWhenConnected();
  }, [connection, isCandidate, captured.phase]);

  return (
    <Shell title={words.title(session.interview.title)} quiet>
      <ConnectionBanner />
      {isCandidate && <WatchLine />}
      {isCandidate && captured.phase === 'failed' && <CaptureProblem code={captured.error} onRetry={() => void connection.start()} />}
      <Attendance />
      <div className={classes.room} data-panel={!isCandidate || undefined} data-chat={chatShown || undefined} data-testid="room">
        <div className={classes.main}>
          {waiting ? <Lobby /> : <Stage {...detail} />}
          <Controls
            session={session}
            isCandidate={isCandidate}
            chatOpen={chatShown}
            chatButton={chatButton}
            onChat={() => setChatOpen(!chatOpen)}
            onWatched={() => setWatched(true)}
          />
        </div>
        {!isCandidate && (
          <Suspense fallback={<aside className={classes.side} />}>
            <InterviewerPanel session={session} />
          </Suspense>
        )}
        {chatShown && (
          <Suspense fallback={<aside className={classes.side} />}>
            <ChatPanel candidateName={session.candidate.full_name} onClose={closeChat} />
          </Suspense>
        )}
      </div>
      {watched && (
        <Dialog title={words.watchedTitle} onClose={() => setWatched(false)}>
          <List size="sm" spacing={4}>
            {session.consent.event_types.map((type) => (
              <List.Item key={type}>{text.events.explained(type)}</List.Item>
            ))}
          </List>
        </Dialog>
      )}
    </Shell>
  );
}
