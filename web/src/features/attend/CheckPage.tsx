import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconEye, IconVolume } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { mainPage } from '../../core/session/gate';
import { CaptureProblem } from '../../session/CaptureProblem';
import { ConnectionBanner } from '../../session/ConnectionBanner';
import { useCaptured, useConnection, useConnectionState, useLocalStream, usePublishing, useRoom, useRttMs } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import { LevelBar } from '../../ui/LevelBar';
import { Page } from '../../ui/Page';
import { Message } from '../../ui/States';
import { useMicLevel } from '../../ui/useMicLevel';
import { useNow } from '../../ui/useNow';
import { VideoView } from '../../ui/VideoView';
import { CheckLine } from './CheckLine';
import { cameraLine, microphoneLine, serverLine } from './checkLines';
import classes from './check.module.css';
import { DeviceChoice } from './DeviceChoice';
import { playTestTone } from './testTone';

const words = text.attend.check;
const PING_EVERY_MS = 2_000;

function Picture() {
  const stream = useLocalStream();
  return (
    <div className={classes.picture}>
      {stream ? (
        <>
          <VideoView stream={stream} mirrored muted aria-label={words.selfPicture} data-testid="self-video" />
          <svg className={classes.oval} viewBox="0 0 160 90" aria-hidden="true">
            <ellipse cx="80" cy="42" rx="21" ry="28" fill="none" stroke="#fff" strokeWidth="0.8" strokeDasharray="3 2" opacity="0.85" />
          </svg>
          <div className={classes.hint}>{words.ovalHint}</div>
        </>
      ) : (
        <div className={classes.asking}>{words.asking}</div>
      )}
    </div>
  );
}

/** Asks for the devices on arrival and measures the way to the server while the page is open. */
function useDeviceCheck() {
  const connection = useConnection();
  const captured = useCaptured();
  const { stats } = useRoom();
  const rttMs = useRttMs();
  const open = useConnectionState().phase === 'open';
  const publishing = usePublishing();
  const { level, heard } = useMicLevel(useLocalStream());
  const [sendingSinceMs, setSendingSinceMs] = useState<number | null>(null);
  const now = useNow(1_000);

  useEffect(() => {
    if (connection.captured.get().phase === 'off') void connection.start();
    const timer = setInterval(() => connection.signalling.ping(), PING_EVERY_MS);
    const unsubscribe = connection.media.camera.state.subscribe(() => setSendingSinceMs((old) => old ?? performance.now()));
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [connection]);

  const sendingForMs = sendingSinceMs === null ? 0 : now - sendingSinceMs;
  return {
    level,
    captured,
    publishError: typeof publishing === 'object' ? { code: publishing.error } : null,
    camera: cameraLine(captured),
    microphone: microphoneLine(captured, heard),
    server: serverLine({ open, stats, rttMs, sendingForMs }),
  };
}

/** Camera, microphone and the way to the server, checked before it counts; observers need none of them. */
export default function CheckPage() {
  return useDetail().isObserver ? <ObserverPage /> : <DeviceCheck />;
}

function ObserverPage() {
  const { session } = useDetail();
  const navigate = useNavigate();
  const connection = useConnection();
  const enter = () => {
    connection.enterWhenConnected();
    void navigate(`/sessions/${session.id}/room`);
  };
  return (
    <Page title={session.interview.title} quiet>
      <Message title={words.observerTitle} hint={words.observerLead} icon={<IconEye size={28} />} color="viva">
        <Button size="md" onClick={enter} data-testid="room-enter">
          {words.enter}
        </Button>
      </Message>
    </Page>
  );
}

function DeviceCheck() {
  const { session, isCandidate } = useDetail();
  const navigate = useNavigate();
  const connection = useConnection();
  const check = useDeviceCheck();
  const [entering, setEntering] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const next = mainPage(session, isCandidate);
  const ready = [check.camera, check.microphone, check.server].every((line) => line.state === 'ok');
  const withoutCamera = !isCandidate && check.captured.phase === 'failed';

  const enter = () => {
    setEntering(true);
    setError(null);
    if (withoutCamera) {
      connection.enterWhenConnected();
      void navigate(`/sessions/${session.id}/${next}`);
      return;
    }
    connection
      .enter()
      .then(() => navigate(`/sessions/${session.id}/${next}`))
      .catch(setError)
      .finally(() => setEntering(false));
  };

  return (
    <Page title={words.title} lead={isCandidate ? words.lead : words.leadInterviewer} width={1040} quiet>
      <ConnectionBanner />
      <div className={classes.grid}>
        <Stack gap="md">
          <Picture />
          {check.captured.phase === 'failed' && <CaptureProblem code={check.captured.error} onRetry={() => void connection.start()} />}
          <ErrorNote error={check.publishError} />
        </Stack>
        <Stack gap="md">
          <Paper withBorder radius="lg" px="lg" py="xs">
            <CheckLine name="camera" line={check.camera}>
              <DeviceChoice device="camera" />
            </CheckLine>
            <CheckLine name="microphone" line={check.microphone}>
              <LevelBar value={check.level} label={words.level} />
              <DeviceChoice device="microphone" />
            </CheckLine>
            <CheckLine name="server" line={check.server} />
            <div className={classes.line}>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" c="dimmed">
                  {words.speakerHint}
                </Text>
                <Button variant="default" size="xs" leftSection={<IconVolume size={16} />} onClick={playTestTone} style={{ flexShrink: 0 }}>
                  {words.speakerTest}
                </Button>
              </Group>
            </div>
          </Paper>
          <ErrorNote error={error} />
          <Button size="lg" disabled={!ready && !withoutCamera} loading={entering} onClick={enter} data-testid="room-enter">
            {withoutCamera ? words.enterWithout : next === 'interview' ? words.start : words.enter}
          </Button>
          {!ready && !withoutCamera && (
            <Text size="sm" c="dimmed" ta="center">
              {words.notReady}
            </Text>
          )}
        </Stack>
      </div>
    </Page>
  );
}
