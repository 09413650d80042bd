import { describe, expect, it } from 'vitest';
import type { ProctoringEvent, Question, Video } from '../../api/types';
import { lastDecision, withDecision, type Decision } from './decisions';
import { neighbour, placeEvents, unreviewedCount } from './incidents';
import { keyAction } from './keys';
import { EMPTY_PLAYER, playerReducer } from './player';
import { after, beginning, beside, fromAxis, gapAt, playlist, toAxis, totalMs, withPreRoll, zeroAt, type Entry } from './playlist';
import { correction } from './step';

const question = (id: string, order: number): Question => ({ id, text: id, order_index: order, think_seconds: 0, answer_seconds: 0 });
const video = (id: string, questionId: string | null, durationMs: number, take = 1, status: Video['status'] = 'ready') =>
  ({ id, question_id: questionId, duration_ms: durationMs, take_number: take, status, started_at: '2026-01-01T10:00:00Z', segments: [] as Video['segments'] }) as Video;
const segment = (index: number, at: string, offsetMs: number, durationMs: number | null) =>
  ({ index, started_at: `2026-01-01T10:${at}Z`, offset_ms: offsetMs, duration_ms: durationMs, end_reason: 'connection_lost' }) as Video['segments'][number];
/** A recording of the whole session that began at this minute and second. */
const session = (id: string, at: string, durationMs: number, source: Video['source'] = 'camera', status: Video['status'] = 'ready') =>
  ({ ...video(id, null, durationMs, 1, status), source, started_at: `2026-01-01T10:${at}Z`, segments: [segment(0, at, 0, durationMs)] });
const event = (id: string, videoId: string | null, offsetMs: number, verdict: ProctoringEvent['verdict'] = 'none') =>
  ({ id, video_id: videoId, offset_ms: offsetMs, verdict, detected_at: '' }) as ProctoringEvent;

const entries = playlist([video('b', 'q2', 20_000), video('a2', 'q1', 5_000, 2), video('a1', 'q1', 10_000)], [question('q1', 0), question('q2', 1)]);

describe('playlist', () => {
  it('orders by question and take on one axis', () => {
    expect(entries.map((entry) => [entry.video.id, entry.startMs, entry.questionNumber])).toEqual([
      ['a1', 0, 1],
      ['a2', 10_000, 1],
      ['b', 15_000, 2],
    ]);
    expect(totalMs(entries)).toBe(35_000);
  });

  it('numbers several recordings of the whole session', () => {
    const parts = playlist([video('x', null, 1), video('y', null, 1)], []);
    expect(parts.map((entry) => entry.part)).toEqual([1, 2]);
    expect(playlist([video('x', null, 1)], [])[0]?.part).toBeNull();
  });

  it('puts shared screens after the camera and numbers them on their own', () => {
    const shared = playlist([session('s1', '00:10', 5_000, 'screen'), session('x', '00:00', 60_000), session('s2', '00:30', 5_000, 'screen')], []);
    expect(shared.map((entry) => [entry.video.id, entry.part, entry.startMs])).toEqual([
      ['x', null, 0],
      ['s1', 1, 10_000],
      ['s2', 2, 30_000],
    ]);
    expect(totalMs(shared)).toBe(60_000);
  });

  it('maps between a video and the axis', () => {
    expect(toAxis(entries, { videoId: 'b', timeMs: 1_000 })).toBe(16_000);
    expect(fromAxis(entries, 16_000)).toEqual({ videoId: 'b', timeMs: 1_000 });
    expect(fromAxis(entries, 99_000)).toEqual({ videoId: 'b', timeMs: 20_000 });
    expect(fromAxis([], 5)).toBeNull();
    expect(toAxis(entries, { videoId: 'zz', timeMs: 0 })).toBeNull();
  });

  it('starts three seconds before an incident, not before the beginning', () => {
    expect(withPreRoll(11_000)).toBe(8_000);
    expect(withPreRoll(1_000)).toBe(0);
  });

  it('goes on with what can be played', () => {
    const list = playlist([video('a', 'q1', 9_000, 1), video('x', 'q1', 0, 2, 'failed'), video('b', 'q2', 9_000)], [question('q1', 0), question('q2', 1)]);
    expect(after(list, find(list, 'a'))).toEqual({ videoId: 'b', timeMs: 0 });
    expect(after(list, find(list, 'b'))).toBeNull();
  });
});

const find = (list: readonly Entry[], id: string): Entry => list.find((entry) => entry.video.id === id) ?? expect.fail(id);

describe('one clock', () => {
  // The screen runs past the camera; minutes later both are there again.
  const list = playlist(
    [
      session('camera', '00:00', 60_000),
      session('screen', '00:40.250', 30_000, 'screen'),
      session('later', '10:00', 20_000),
      session('early', '09:59.800', 10_000, 'screen'),
    ],
    [],
  );

  it('is that of the first segment, wherever in the file that begins', () => {
    const moved = { ...session('v', '00:00', 1), segments: [segment(1, '00:30', 25_000, 1), segment(0, '00:07.500', 500, 1)] };
    expect(zeroAt(moved) - Date.parse('2026-01-01T10:00:00Z')).toBe(7_000);
    expect(zeroAt(video('a', null, 1))).toBe(Date.parse('2026-01-01T10:00:00Z'));
  });

  it('puts at one place what ran at one time, and leaves out when nothing ran', () => {
    expect(list.map((entry) => [entry.video.id, entry.startMs])).toEqual([
      ['camera', 0],
      ['later', 70_450],
      ['screen', 40_250],
      ['early', 70_250],
    ]);
    expect(totalMs(list)).toBe(90_450);
    expect(fromAxis(list, 50_000)).toEqual({ videoId: 'camera', timeMs: 50_000 });
    expect(fromAxis(list, 65_000)).toEqual({ videoId: 'screen', timeMs: 24_750 });
    expect(fromAxis(list, 99_000)).toEqual({ videoId: 'later', timeMs: 20_000 });
  });

  it('says what runs beside, and how much later', () => {
    expect(beside(list, find(list, 'camera'))).toEqual([{ entry: find(list, 'screen'), addMs: -40_250 }]);
    expect(beside(list, find(list, 'screen')).map(({ addMs }) => addMs)).toEqual([40_250]);
    const broken = playlist([session('a', '00:00', 9_000), session('b', '00:00', 9_000, 'screen', 'failed')], []);
    expect(beside(broken, find(broken, 'a'))).toEqual([]);
  });

  it('goes on with what ran beyond the end, then with the next', () => {
    expect(after(list, find(list, 'camera'))).toEqual({ videoId: 'screen', timeMs: 19_750 });
    expect(after(list, find(list, 'screen'))).toEqual({ videoId: 'early', timeMs: 0 });
    expect(after(list, find(list, 'early'))).toEqual({ videoId: 'later', timeMs: 9_800 });
    expect(after(list, find(list, 'later'))).toBeNull();
  });

  it('lets the camera lead where one ran', () => {
    expect(beginning(list, find(list, 'screen'))).toEqual({ videoId: 'camera', timeMs: 40_250 });
    expect(beginning(list, find(list, 'early'))).toEqual({ videoId: 'later', timeMs: 0 });
    const running = playlist([session('now', '00:00', 0, 'camera', 'recording')], []);
    expect(beginning(running, find(running, 'now'))).toEqual({ videoId: 'now', timeMs: 0 });
  });

  it('knows the gaps between segments, and not the seams', () => {
    const cut = { ...session('v', '00:00', 30_000), segments: [segment(1, '00:19', 19_000, 5_000), segment(0, '00:00', 0, 10_000), segment(2, '00:24.1', 24_100, null)] };
    expect(gapAt(cut, 9_999)).toBeNull();
    expect(gapAt(cut, 12_000)).toEqual({ fromMs: 10_000, toMs: 19_000, reason: 'connection_lost' });
    expect(gapAt(cut, 19_000)).toBeNull();
    expect(gapAt(cut, 24_050)).toBeNull();
    expect(gapAt(cut, 29_000)).toBeNull();
  });
});

describe('step', () => {
  it('catches up unseen, by speed', () => {
    expect(correction(30, 1, true)).toEqual({ seek: false, rate: 1 });
    expect(correction(60, 1, true).rate).toBeCloseTo(0.94);
    expect(correction(-60, 2, true).rate).toBeCloseTo(2.12);
    expect(correction(-390, 1, true)).toEqual({ seek: false, rate: 1.1 });
  });

  it('jumps when it is far off, and at once while standing still', () => {
    expect(correction(-500, 1.5, true)).toEqual({ seek: true, rate: 1.5 });
    expect(correction(60, 1, false).seek).toBe(true);
    expect(correction(20, 1, false).seek).toBe(false);
  });
});

describe('incidents', () => {
  const placed = placeEvents([event('late', 'b', 500), event('none', null, 0), event('early', 'a1', 2_000), event('gone', 'a1', 3_000, 'dismissed')], entries);

  it('stand in the order of the recording', () => {
    expect(placed.map((item) => item.event.id)).toEqual(['early', 'gone', 'late', 'none']);
  });

  it('end with their recording on the axis', () => {
    const [lasting] = placeEvents([{ ...event('late', 'b', 19_000), duration_seconds: 9 }], entries);
    expect([lasting?.axisMs, lasting?.endMs]).toEqual([34_000, 35_000]);
  });

  it('step over dismissed ones', () => {
    expect(neighbour(placed, 'early', 0, 1)?.event.id).toBe('late');
    expect(neighbour(placed, null, 5_000, 1)?.event.id).toBe('late');
    expect(neighbour(placed, null, 5_000, -1)?.event.id).toBe('early');
    expect(neighbour(placed, 'early', 0, -1)).toBeNull();
  });

  it('are counted until decided', () => expect(unreviewedCount(placed.map((item) => item.event))).toBe(3));
});

describe('player', () => {
  it('waits for another video before it seeks', () => {
    const loading = playerReducer(EMPTY_PLAYER, { type: 'seek', position: { videoId: 'a', timeMs: 4_000 }, play: true });
    expect(loading).toMatchObject({ status: 'loading', timeMs: 4_000, pending: { timeMs: 4_000, play: true } });
    expect(playerReducer(loading, { type: 'time', timeMs: 0 }).timeMs).toBe(4_000);
    expect(playerReducer(loading, { type: 'loaded' })).toMatchObject({ status: 'paused', pending: null });
  });

  it('keeps playing through a seek within the video', () => {
    const playing = { ...EMPTY_PLAYER, videoId: 'a', status: 'playing' as const };
    expect(playerReducer(playing, { type: 'seek', position: { videoId: 'a', timeMs: 1 }, play: true }).status).toBe('playing');
  });

  it('loads again after a failure', () => {
    const failed = playerReducer({ ...EMPTY_PLAYER, videoId: 'a' }, { type: 'failed' });
    expect(playerReducer(failed, { type: 'seek', position: { videoId: 'a', timeMs: 0 }, play: true }).status).toBe('loading');
  });
});

describe('keyAction', () => {
  const key = (name: string, shiftKey = false, ctrlKey = false) => keyAction({ key: name, shiftKey, ctrlKey, metaKey: false, altKey: false });

  it('knows the keys of the desk', () => {
    expect(key(' ')).toBe('toggle');
    expect(key('ArrowLeft')).toBe('back');
    expect(key('ArrowLeft', true)).toBe('previous_incident');
    expect(key('C')).toBe('confirm');
    expect(key('?', true)).toBe('help');
    expect(key('u')).toBe('take_back');
    expect(key('Z')).toBe('zoom_in');
    expect(key('Z', true)).toBe('zoom_out');
  });

  it("leaves the browser's own keys alone", () => {
    expect(key('c', false, true)).toBeNull();
    expect(key('z', false, true)).toBeNull();
    expect(key('x')).toBeNull();
  });
});

describe('decisions', () => {
  const decided = (eventId: string, to: Decision['to'], from: Decision['from'] = 'none'): Decision => ({ eventId, from, to });
  const now = (verdicts: Record<string, Decision['to']>) => Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict }));

  it('are taken back newest first', () => {
    const all = withDecision(withDecision([], decided('a', 'confirmed')), decided('b', 'dismissed'));
    const last = lastDecision(all, now({ a: 'confirmed', b: 'dismissed' }));
    expect(last?.decision.eventId).toBe('b');
    expect(lastDecision(last?.rest ?? [], now({ a: 'confirmed', b: 'none' }))?.decision.eventId).toBe('a');
    expect(lastDecision([], now({ a: 'confirmed' }))).toBeNull();
  });

  it('are left as they are where somebody else has decided since', () => {
    const all = [decided('a', 'confirmed'), decided('b', 'dismissed')];
    expect(lastDecision(all, now({ a: 'confirmed', b: 'confirmed' }))?.decision.eventId).toBe('a');
    expect(lastDecision(all, now({ a: 'none' }))).toBeNull();
  });

  it('do not grow without end', () => {
    const many = Array.from({ length: 150 }, (_, n) => decided(String(n), 'confirmed')).reduce<Decision[]>(withDecision, []);
    expect([many.length, many[0]?.eventId]).toEqual([100, '50']);
  });
});
