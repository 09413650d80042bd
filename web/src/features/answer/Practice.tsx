import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { useLocalStream } from '../../session/context';
import { text } from '../../text';
import { CountdownRing } from '../../ui/CountdownRing';
import { VideoView } from '../../ui/VideoView';
import classes from './answer.module.css';

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
  return (
    <Stack gap="lg" data-testid="practice" data-state={recording ? 'recording' : url ? 'played' : 'ready'}>
      <Text size="sm" c="dimmed">
        {words.label}
      </Text>
      <Title order={1} className={classes.question}>
        {words.question}
      </Title>
      <div className={classes.card}>
        <div className={classes.panel}>
          <div className={classes.self}>
            {url ? (
              // eslint-disable-next-line jsx-a11y/media-has-caption -- one's own words, a minute ago
              <video src={url} controls playsInline width="100%" height="100%" data-testid="practice-video" />
            ) : (
              <VideoView stream={stream} mirrored muted aria-label={text.attend.answer.selfPicture} />
            )}
          </div>
          {recording ? (
            <Group gap="lg" wrap="nowrap" className={classes.controls}>
              <CountdownRing sinceMs={sinceMs} totalMs={TOTAL_MS} label={text.attend.answer.timeLeft} />
              <Button size="lg" onClick={() => setSinceMs(null)} data-testid="practice-stop">
                {words.stop}
              </Button>
            </Group>
          ) : (
            <Stack gap="md" align="flex-start">
              <Text role="status">{url ? words.played : words.lead}</Text>
              <Group>
                <Button size="lg" variant={url ? 'default' : 'filled'} disabled={!stream} onClick={start} data-testid="practice-start">
                  {url ? words.again : words.start}
                </Button>
                <Button size="lg" variant={url ? 'filled' : 'default'} onClick={onDone} data-testid="practice-done">
                  {url ? words.go : words.skip}
                </Button>
              </Group>
            </Stack>
          )}
        </div>
      </div>
    </Stack>
  );
}
