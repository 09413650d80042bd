import { ActionIcon, Button } from '@mantine/core';
import { IconChevronRight, IconKeyboard, IconPlugConnectedX, IconVideo } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useLiveReview } from '../../api/queries/live';
import { useReview } from '../../api/queries/review';
import type { Review, SessionDetail } from '../../api/types';
import type { KeyAction } from '../../core/playback/keys';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { staff as staffText } from '../../text/staff';
import { Moment } from '../../ui/Moment';
import { Shell } from '../../ui/Page';
import { ErrorState, Loading, Message } from '../../ui/States';
import { beside } from '../../core/playback/playlist';
import { toggleElement, toggleFullScreen } from './element';
import { IncidentList } from './IncidentList';
import { IncidentPanel } from './IncidentPanel';
import { KeySheet } from './KeySheet';
import { Player } from './Player';
import { PlayerControls } from './PlayerControls';
import { Playlist } from './Playlist';
import playerClasses from './player.module.css';
import parts from './parts.module.css';
import classes from './review.module.css';
import { ScorePanel } from './ScorePanel';
import { Timeline } from './Timeline';
import { useDeciding } from './useDeciding';
import { useDesk } from './useDesk';
import { useDeskKeys } from './useDeskKeys';
import { useTimelineView } from './useTimelineView';
import { VideoFacts } from './VideoFacts';

function Heading({ session, live, onKeys }: { session: SessionDetail; live: boolean; onKeys: () => void }) {
  const when = session.started_at ?? session.scheduled_start;
  return (
    <div className={classes.heading}>
      <nav className={classes.crumbs} aria-label={words.back}>
        <Link to="/sessions">{text.common.navSessions}</Link>
        <IconChevronRight size={16} aria-hidden />
        <span>{session.interview.title}</span>
        <IconChevronRight size={16} aria-hidden />
      </nav>
      <h1>{session.candidate.full_name}</h1>
      {when && (
        <span className={parts.tag}>
          <Moment iso={when} inherit />
        </span>
      )}
      <span className={parts.tag} data-testid="session-status" data-on={session.status === 'in_progress' || undefined}>
        {text.common.sessionStatus[session.status]}
      </span>
      <div className={classes.headEnd}>
        {!live && (
          <span className={classes.off} role="status">
            <IconPlugConnectedX size={16} aria-hidden />
            {words.liveOff}
          </span>
        )}
        {session.ended_at === null && session.kind !== 'one_way' && session.my_role === 'interviewer' && (
          <Button component={Link} to={`/sessions/${session.id}/check`}>
            {staffText.join}
          </Button>
        )}
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={words.keys} title={words.keys} onClick={onKeys}>
          <IconKeyboard size={18} stroke={1.6} />
        </ActionIcon>
      </div>
    </div>
  );
}

function DeskView({ review, live }: { review: Review; live: boolean }) {
  const { session } = review;
  const desk = useDesk(review);
  const video = useRef<HTMLVideoElement>(null);
  const noteField = useRef<HTMLTextAreaElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const [sheet, setSheet] = useState(false);
  const [cameraLarge, setCameraLarge] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const deciding = useDeciding(desk, session.id);
  const zoom = useTimelineView(desk.totalMs, desk.axisMs);

  const companions = desk.entry ? beside(desk.entries, desk.entry).map(({ entry }) => entry) : [];
  const toggle = () => toggleElement(video.current);
  // On a phone the list is far below what it plays.
  const reveal = () => {
    if ((stage.current?.getBoundingClientRect().bottom ?? 0) < 0) stage.current?.scrollIntoView();
  };
  const actions: Record<KeyAction, () => void> = {
    toggle,
    back: () => desk.seekBy(-5_000),
    forward: () => desk.seekBy(5_000),
    back_far: () => desk.seekBy(-10_000),
    forward_far: () => desk.seekBy(10_000),
    previous_incident: () => desk.step(-1),
    next_incident: () => desk.step(1),
    confirm: () => deciding.set('confirmed'),
    dismiss: () => deciding.set('dismissed'),
    take_back: deciding.takeBack,
    note: () => noteField.current?.focus(),
    zoom_in: zoom.zoomIn,
    zoom_out: zoom.zoomOut,
    help: () => setSheet(true),
  };
  useDeskKeys(!sheet, (action) => actions[action]());

  return (
    <div className={classes.page}>
      <Heading session={session} live={live} onKeys={() => setSheet(true)} />
      {session.status === 'in_progress' && session.kind !== 'one_way' && <p className={classes.progress}>{words.inProgress}</p>}
      <div className={classes.desk} data-testid="review-desk">
        <div className={classes.stage} ref={stage}>
          {desk.entries.length === 0 ? (
            <div className={classes.noVideos}>
              <Message title={words.noVideosTitle} hint={words.noVideosHint} icon={<IconVideo size={28} />} color="viva" />
            </div>
          ) : (
            <div className={playerClasses.card} ref={card}>
              <Player desk={desk} video={video} cameraLarge={cameraLarge} onToggle={toggle} />
              <PlayerControls
                desk={desk}
                onSwap={companions.length > 0 ? () => setCameraLarge(!cameraLarge) : null}
                onToggle={toggle}
                onFullScreen={() => toggleFullScreen(card.current)}
              />
              <Timeline desk={desk} zoom={zoom} />
            </div>
          )}
        </div>
        <div className={classes.incident}>
          <IncidentPanel event={desk.selected} sessionId={session.id} noteField={noteField} verdict={deciding} />
          <ScorePanel review={review} desk={desk} />
        </div>
        <div className={classes.lists}>
          <IncidentList desk={desk} onChosen={reveal} />
          <Playlist desk={desk} />
          {[...(desk.entry ? [desk.entry] : []), ...companions].map((entry) => (
            <VideoFacts key={entry.video.id} entry={entry} alone={companions.length === 0} sessionId={session.id} />
          ))}
        </div>
      </div>
      {sheet && <KeySheet onClose={() => setSheet(false)} />}
    </div>
  );
}

/** The reviewer's desk: the recordings, what was noticed in them, and what to make of it. */
export default function ReviewPage() {
  const { sessionId = '' } = useParams();
  const review = useReview(sessionId);
  const live = useLiveReview(sessionId, review.isSuccess);
  const title = review.data ? `${words.title}: ${review.data.session.candidate.full_name}` : words.title;

  return (
    <Shell title={title} rail>
      {review.isPending && <Loading />}
      {review.isError && !review.data && <ErrorState error={review.error} onRetry={() => void review.refetch()} />}
      {review.data && <DeskView key={sessionId} review={review.data} live={live} />}
    </Shell>
  );
}
