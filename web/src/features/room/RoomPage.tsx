import { VisuallyHidden } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { others } from '../../core/session/room';
import { CandidateFrame, Eye } from '../../session/CandidateFrame';
import { CaptureProblem } from '../../session/CaptureProblem';
import { ConnectionBanner } from '../../session/ConnectionBanner';
import { useCaptured, useConnection, useRoom } from '../../session/context';
import { FullScreenButton } from '../../session/FullScreenButton';
import { useDetail } from '../../session/useDetail';
import { useRecording } from '../../session/useRecording';
import { WatchLine } from '../../session/WatchLine';
import { text } from '../../text';
import { RecordingBadge } from '../../ui/RecordingBadge';
import { Controls } from './Controls';
import { Lobby } from './Lobby';
import { PanelShell } from './PanelShell';
import classes from './room.module.css';
import { Stage } from './Stage';

// Candidates never download what only interviewers see.
const InterviewerPanel = lazy(() => import('./InterviewerPanel'));
// Loaded when the chat is first opened.
const ChatPanel = lazy(() => import('./ChatPanel'));

const words = text.room;

/** In the candidate's bar: whether it is recorded, and what is watched. */
function Top() {
  const { waiting } = useRoom();
  const view = useRecording();
  return (
    <>
      {view.state === 'none'
        ? !waiting && <span className={classes.quiet}>{words.notRecording}</span>
        : <RecordingBadge state={view.state} sinceMs={view.sinceMs} />}
      <FullScreenButton />
      <Eye named />
    </>
  );
}

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

/** The live room of a candidate and their interviewers. */
export default function RoomPage() {
  const detail = useDetail();
  const { session, isCandidate, isObserver } = detail;
  const connection = useConnection();
  const captured = useCaptured();
  const { waiting } = useRoom();
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

  const body = (
    <>
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
    </>
  );
  const title = words.title(session.interview.title);
  return isCandidate ? (
    <CandidateFrame title={title} end={<Top />} room>
      {body}
    </CandidateFrame>
  ) : (
    <PanelShell title={title} session={session}>
      {body}
    </PanelShell>
  );
}
