import { Button } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { useLocalStream } from '../../session/context';
import { text } from '../../text';
import { Foot, Lead, Steps, Two } from '../../ui/CandidateShell';
import { CountdownRing } from '../../ui/CountdownRing';
import classes from './answer.module.css';
import { AnswerFrame, Asked, Lens, Middle } from './Frame';

const words = text.attend.practice;
const TOTAL_MS = 30_000;

/** Records `stream` in this browser while `on`; what was recorded is handed over when it ends, null where browsers cannot. */
function useLocalRecording(stream: MediaStream | null, on: boolean, onRecorded: (url: string | null) => void): void {
  const recorded = useEffectEvent(onRecorded);
  useEffect(() => {
    if (!on || !stream) return;
    if (typeof MediaRecorder === 'undefined') {
      const timer = setTimeout(() => recorded(null), TOTAL_MS);
      return () => clearTimeout(timer);
    }
    const pieces: Blob[] = [];
    const recorder = new MediaRecorder(stream);
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => recorded(URL.createObjectURL(new Blob(pieces, { type: recorder.mimeType })));
    recorder.start();
    const stop = () => recorder.state !== 'inactive' && recorder.stop();
    const timer = setTimeout(stop, TOTAL_MS);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [stream, on]);
}

function Played({ url, onAgain, onDone }: { url: string; onAgain: () => void; onDone: () => void }) {
  return (
    <Two>
      <div>
        {/* eslint-disable-next-line jsx-a11y/media-has-caption -- one's own words, a minute ago */}
        <video className={classes.take} src={url} controls playsInline data-testid="practice-video" />
      </div>
      <div>
        <h1 className={classes.happy}>{words.playedTitle}</h1>
        <Lead>{words.played}</Lead>
        <Foot>
          <Button size="lg" onClick={onDone} data-testid="practice-done">
            {words.go}
          </Button>
          <Button size="lg" variant="default" onClick={onAgain} data-testid="practice-start">
            {words.again}
          </Button>
        </Foot>
      </div>
    </Two>
  );
}

/** A question to try out how answering feels; nothing of it leaves the browser. */
export function Practice({ onDone }: { onDone: () => void }) {
  const stream = useLocalStream();
  const [sinceMs, setSinceMs] = useState<number | null>(null);
  const [url, setUrl] = useState<string | null>(null);
  const recording = sinceMs !== null;

  useLocalRecording(stream, recording, (made) => {
    setUrl(made);
    setSinceMs(null);
  });
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);

  const start = () => {
    setUrl(null);
    setSinceMs(performance.now());
  };
  const state = recording ? 'recording' : url ? 'played' : 'ready';
  return (
    <AnswerFrame end={<Steps at={3} of={3} word={text.attend.steps.practice} />}>
      {url ? (
        <div className={classes.choosing} data-testid="practice" data-state={state}>
          <Played url={url} onAgain={start} onDone={onDone} />
        </div>
      ) : (
        <div className={classes.q} data-testid="practice" data-state={state}>
          <Lens note={recording ? text.attend.answer.lookHere : text.attend.answer.notRecording} />
          <Asked eyebrow={words.label}>{words.question}</Asked>
          <Middle>
            {recording && <CountdownRing sinceMs={sinceMs} totalMs={TOTAL_MS} label={text.attend.answer.timeLeft} tone="full" />}
          </Middle>
          <Foot note={recording ? text.attend.answer.stopWhenever : words.lead}>
            {recording ? (
              <Button size="lg" onClick={() => setSinceMs(null)} data-testid="practice-stop">
                {words.stop}
              </Button>
            ) : (
              <>
                <Button size="lg" disabled={!stream} onClick={start} data-testid="practice-start">
                  {words.start}
                </Button>
                <Button size="lg" variant="subtle" color="gray" onClick={onDone} data-testid="practice-done">
                  {words.skip}
                </Button>
              </>
            )}
          </Foot>
        </div>
      )}
    </AnswerFrame>
  );
}
