import { useState, type ReactNode } from 'react';
import { CandidateFrame, Eye } from '../../session/CandidateFrame';
import { ConnectionBanner, useAway } from '../../session/ConnectionBanner';
import { useLocalStream } from '../../session/context';
import { FullScreenButton } from '../../session/FullScreenButton';
import { useDetail } from '../../session/useDetail';
import { WatchLine } from '../../session/WatchLine';
import { text } from '../../text';
import { VideoView } from '../../ui/VideoView';
import classes from './answer.module.css';

const words = text.attend.answer;
const LONG = 120;

/** A page of the one-way interview: `end` says how far one is, or that it is being recorded. */
export function AnswerFrame({ end, children }: { end?: ReactNode; children: ReactNode }) {
  const { session } = useDetail();
  return (
    <CandidateFrame
      title={session.interview.title}
      end={
        <>
          <FullScreenButton />
          <Eye />
          {end}
        </>
      }
    >
      <WatchLine />
      {children}
    </CandidateFrame>
  );
}

/** One's own picture right under the camera, so that looking at it looks like looking at the other; it can be hidden. */
export function Lens({ note, testId }: { note: string; testId?: string }) {
  const stream = useLocalStream();
  const { lost, shown } = useAway();
  const [hidden, setHidden] = useState(false);
  return (
    <div className={classes.lens}>
      {lost ? (
        <ConnectionBanner card />
      ) : (
        <>
          <div className={classes.self}>
            <VideoView
              stream={stream}
              mirrored
              muted
              aria-label={words.selfPicture}
              data-testid={testId}
              data-hidden={hidden ? 'true' : undefined}
            />
          </div>
          {shown ? (
            <ConnectionBanner card />
          ) : (
            <p className={classes.selfNote}>
              {note}
              <button type="button" className={classes.hide} onClick={() => setHidden(!hidden)}>
                {hidden ? words.showMe : words.hideMe}
              </button>
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** A question, with a line above it. */
export function Asked({ eyebrow, children }: { eyebrow: ReactNode; children: string }) {
  return (
    <>
      <p className={classes.eyebrow}>{eyebrow}</p>
      <h1 className={classes.question} data-long={children.length > LONG || undefined} data-testid="question-text" aria-live="polite">
        {children}
      </h1>
    </>
  );
}

/** Where the ring is, and whatever stands in its place. */
export function Middle({ children }: { children: ReactNode }) {
  return <div className={classes.middle}>{children}</div>;
}
