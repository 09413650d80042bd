import { Button } from '@mantine/core';
import { IconEye, IconMicrophone } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { firstName } from '../../core/names';
import { mainPage } from '../../core/session/gate';
import { CandidateFrame, Eye } from '../../session/CandidateFrame';
import { CaptureProblem } from '../../session/CaptureProblem';
import { ConnectionBanner } from '../../session/ConnectionBanner';
import { useCaptured, useConnection, useConnectionState, useLocalStream, usePublishing, useRoom, useRttMs } from '../../session/context';
import { useDetail } from '../../session/useDetail';
import { text } from '../../text';
import { Foot, Lead, Steps, Two } from '../../ui/CandidateShell';
import { ErrorNote } from '../../ui/ErrorNote';
import { LevelBar } from '../../ui/LevelBar';
import { Note } from '../../ui/Note';
import { Message } from '../../ui/States';
import { useMicLevel } from '../../ui/useMicLevel';
import { useNow } from '../../ui/useNow';
import { VideoView } from '../../ui/VideoView';
import { CheckLine, Sign } from './CheckLine';
import { cameraLine, microphoneLine, serverLine } from './checkLines';
import classes from './check.module.css';
import { DeviceChoice } from './DeviceChoice';
import { stepsOf } from './steps';
import { playTestTone } from './testTone';

const words = text.attend.check;
const PING_EVERY_MS = 2_000;

function Mirror({ level }: { level: number }) {
  const stream = useLocalStream();
  const { phase } = useCaptured();
  return (
    <div className={classes.mirror}>
      {stream ? (
        <>
          <VideoView stream={stream} mirrored muted aria-label={words.selfPicture} data-testid="self-video" />
          <svg className={classes.oval} viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <ellipse cx="200" cy="124" rx="68" ry="88" />
          </svg>
          <div className={classes.say}>
            <IconMicrophone size={20} stroke={1.6} aria-hidden />
            <span>{words.sayWords}</span>
            <LevelBar value={level} label={words.level} veil />
          </div>
        </>
      ) : (
        <div className={classes.asking}>{phase === 'failed' ? words.noPicture : words.asking}</div>
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
    <CandidateFrame title={session.interview.title}>
      <Message title={words.observerTitle} hint={words.observerLead} icon={<IconEye size={28} />} color="viva" alone>
        <Button size="lg" onClick={enter} data-testid="room-enter">
          {words.enter}
        </Button>
      </Message>
    </CandidateFrame>
  );
}

type Check = ReturnType<typeof useDeviceCheck>;

const linesOf = ({ camera, microphone, server }: Check) => [camera, microphone, server];

/** What would make it better, above what is well already. */
function Remedies({ check }: { check: Check }) {
  const connection = useConnection();
  return (
    <div className={classes.remedies}>
      {check.captured.phase === 'failed' && <CaptureProblem code={check.captured.error} onRetry={() => void connection.start()} />}
      {linesOf(check).map(
        ({ remedy }) =>
          remedy && (
            <Note key={remedy.title} tone="hint" title={remedy.title} card>
              <div>{remedy.words}</div>
            </Note>
          ),
      )}
      <ErrorNote error={check.publishError} />
    </div>
  );
}

function Speaker() {
  const [played, setPlayed] = useState(false);
  const play = () => {
    setPlayed(true);
    playTestTone();
  };
  return (
    <li className={classes.line}>
      <Sign state={played ? 'ok' : 'waiting'} />
      <b>{words.speaker}</b>
      <span className={classes.what}>
        <button type="button" className={classes.tone} onClick={play}>
          {played ? words.speakerAgain : words.speakerTest}
        </button>
      </span>
    </li>
  );
}

/** Goes on to the questions or the room; what is not well yet keeps nobody, unless there is nothing to record. */
function useEntering(check: Check) {
  const { session, isCandidate } = useDetail();
  const navigate = useNavigate();
  const connection = useConnection();
  const [entering, setEntering] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const next = mainPage(session, isCandidate);
  const withoutCamera = !isCandidate && check.captured.phase === 'failed';
  const well = linesOf(check).every((line) => line.state === 'ok');
  const go = () => navigate(`/sessions/${session.id}/${next}`);

  const enter = () => {
    if (withoutCamera) {
      connection.enterWhenConnected();
      void go();
      return;
    }
    setEntering(true);
    setError(null);
    connection
      .enter()
      .then(go)
      .catch(setError)
      .finally(() => setEntering(false));
  };
  const wellWord = next === 'interview' ? words.start : words.enter;
  const word = withoutCamera ? words.enterWithout : well ? wellWord : words.continueAsItIs;
  const possible = withoutCamera || check.captured.phase === 'on';
  return { enter, entering, error, well: well || withoutCamera, word, possible };
}

function leadOf(check: Check, isCandidate: boolean): string {
  if (!isCandidate) return words.leadInterviewer;
  const lines = linesOf(check);
  if (lines.some((line) => line.state === 'bad')) return words.oneThing;
  return lines.every((line) => line.state === 'ok') ? words.allGood : words.waiting;
}

function DeviceCheck() {
  const { session, me, isCandidate } = useDetail();
  const check = useDeviceCheck();
  const { enter, entering, error, well, word, possible } = useEntering(check);
  const steps = stepsOf(session);
  const title = words.title(firstName(me.user.full_name));
  const end = isCandidate && (
    <>
      <Eye />
      <Steps at={2} of={steps.length} word={steps[1] ?? ''} />
    </>
  );
  return (
    <CandidateFrame title={title} end={end}>
      <ConnectionBanner />
      <Two>
        <div>
          <Mirror level={check.level} />
          {isCandidate && <p className={classes.picture}>{words.picture}</p>}
          <div className={classes.devices}>
            <DeviceChoice device="camera" />
            <DeviceChoice device="microphone" />
          </div>
        </div>
        <div>
          <div className={classes.head}>
            <h1>{title}</h1>
            <Lead>{leadOf(check, isCandidate)}</Lead>
          </div>
          <Remedies check={check} />
          <ul className={classes.checks}>
            <CheckLine name="camera" line={check.camera} />
            <CheckLine name="microphone" line={check.microphone} />
            <Speaker />
            <CheckLine name="server" line={check.server} />
          </ul>
          <ErrorNote error={error} />
          <Foot line note={!possible ? words.notReady : !well && isCandidate && words.doesNotCount}>
            <Button size="lg" disabled={!possible} loading={entering} onClick={enter} data-testid="room-enter">
              {word}
            </Button>
          </Foot>
        </div>
      </Two>
    </CandidateFrame>
  );
}
