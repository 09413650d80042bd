import type { Question, Video } from '../../api/types';

/** One video of a session and where it stands on the session's common axis, in milliseconds; what ran at once overlaps. */
export interface Entry {
  video: Video;
  question: Question | null;
  /** 1-based number of the question, null for a recording of the whole session. */
  questionNumber: number | null;
  /** 1-based number among the session's recordings of the same source without a question, null when there is only one. */
  part: number | null;
  startMs: number;
  durationMs: number;
}

export interface Position {
  videoId: string;
  timeMs: number;
}

/** Seeking to an incident starts this much earlier. */
export const PRE_ROLL_MS = 3_000;

const PLAYABLE = new Set<Video['status']>(['ready', 'recovered']);

export const isPlayable = (video: Video): boolean => PLAYABLE.has(video.status);

export const isScreen = (video: Video): boolean => video.source === 'screen';

function order(question: Question | null): number {
  return question ? question.order_index : -1;
}

/** When a video's time 0 was, in milliseconds since 1970: all recordings of a session are told by the server's one clock. */
export function zeroAt(video: Video): number {
  const [first] = [...video.segments].sort((a, b) => a.index - b.index);
  return first ? Date.parse(first.started_at) - first.offset_ms : Date.parse(video.started_at);
}

type Unplaced = Omit<Entry, 'startMs'>;

/** Recordings of the whole session on one axis: what ran at the same time lies side by side, time in which nothing ran is left out. */
function placedByClock(entries: readonly Unplaced[]): Map<string, number> {
  const starts = new Map<string, number>();
  let [axisMs, groupZero, groupEnd] = [0, -Infinity, -Infinity];
  for (const { video, durationMs } of [...entries].sort((a, b) => zeroAt(a.video) - zeroAt(b.video))) {
    const zero = zeroAt(video);
    if (zero >= groupEnd) {
      if (groupEnd > groupZero) axisMs += groupEnd - groupZero;
      [groupZero, groupEnd] = [zero, zero];
    }
    starts.set(video.id, axisMs + zero - groupZero);
    groupEnd = Math.max(groupEnd, zero + durationMs);
  }
  return starts;
}

/**
 * All videos on one axis: recordings of the whole session by their clock, cameras before shared screens, then answers one after the
 * other in the order of their questions and takes.
 */
export function playlist(videos: readonly Video[], questions: readonly Question[]): Entry[] {
  const numbered = [...questions].sort((a, b) => a.order_index - b.order_index);
  const entries = videos.map((video): Unplaced => {
    const index = numbered.findIndex((question) => question.id === video.question_id);
    const durationMs = video.duration_ms ?? 0;
    return { video, question: numbered[index] ?? null, questionNumber: index < 0 ? null : index + 1, part: null, durationMs };
  });
  entries.sort(
    (a, b) =>
      Number(isScreen(a.video)) - Number(isScreen(b.video)) ||
      order(a.question) - order(b.question) ||
      a.video.take_number - b.video.take_number ||
      a.video.started_at.localeCompare(b.video.started_at),
  );
  const whole = entries.filter(({ question }) => question === null);
  const starts = placedByClock(whole);
  let answersMs = Math.max(0, ...whole.map(({ video, durationMs }) => (starts.get(video.id) ?? 0) + durationMs));
  return entries.map((entry) => {
    const alike = whole.filter((other) => isScreen(other.video) === isScreen(entry.video));
    const part = entry.question === null && alike.length > 1 ? alike.indexOf(entry) + 1 : null;
    const startMs = starts.get(entry.video.id) ?? answersMs;
    if (entry.question !== null) answersMs += entry.durationMs;
    return { ...entry, part, startMs };
  });
}

const endOf = (entry: Entry): number => entry.startMs + entry.durationMs;

export const totalMs = (entries: readonly Entry[]): number => Math.max(0, ...entries.map(endOf));

/** Where a position of one video stands on the common axis; null for an unknown video. */
export function toAxis(entries: readonly Entry[], position: Position): number | null {
  const entry = entries.find((candidate) => candidate.video.id === position.videoId);
  return entry ? entry.startMs + Math.min(Math.max(0, position.timeMs), entry.durationMs || Infinity) : null;
}

/** The video and the time in it that stand at `axisMs`, a camera before a screen; null when nothing can be played. */
export function fromAxis(entries: readonly Entry[], axisMs: number): Position | null {
  const lasting = entries.filter((entry) => entry.durationMs > 0);
  const here = lasting.filter((entry) => entry.startMs <= axisMs && endOf(entry) > axisMs);
  // Past the end of everything the last one stands still.
  const last = [...lasting].sort((a, b) => endOf(b) - endOf(a)).find((entry) => entry.startMs <= axisMs);
  const entry = here.find(({ video }) => isPlayable(video)) ?? here[0] ?? last ?? lasting[0];
  if (!entry) return null;
  return { videoId: entry.video.id, timeMs: Math.min(entry.durationMs, Math.max(0, axisMs - entry.startMs)) };
}

/** Where to begin so that an incident is seen coming. */
export function withPreRoll(offsetMs: number): number {
  return Math.max(0, offsetMs - PRE_ROLL_MS);
}

/** Rounding, and the last packet of a sound that is longer than its picture, are nothing to go on with. */
const RUN_ON_MS = 300;

/** Where playing goes on after this video: with what was recorded beyond its end, else with the next; null at the end of all. */
export function after(entries: readonly Entry[], entry: Entry): Position | null {
  const end = endOf(entry);
  const later = entries.filter((other) => isPlayable(other.video) && other !== entry && endOf(other) > end + RUN_ON_MS);
  const next = later.sort((a, b) => Math.max(a.startMs, end) - Math.max(b.startMs, end))[0];
  return next ? { videoId: next.video.id, timeMs: Math.max(0, end - next.startMs) } : null;
}

/** Shorter than this it is the change from one file to the next. */
const GAP_MS = 500;

export interface Gap {
  fromMs: number;
  toMs: number;
  /** What ended the segment before it. */
  reason: Video['segments'][number]['end_reason'];
}

/** The gap between two segments that this time of a video lies in: nothing was recorded, and the picture stands still. */
export function gapAt(video: Video, timeMs: number): Gap | null {
  const segments = [...video.segments].sort((a, b) => a.index - b.index);
  for (const [index, segment] of segments.entries()) {
    const fromMs = segment.offset_ms + (segment.duration_ms ?? Infinity);
    const toMs = segments[index + 1]?.offset_ms ?? 0;
    if (timeMs >= fromMs && timeMs < toMs && toMs - fromMs >= GAP_MS) return { fromMs, toMs, reason: segment.end_reason };
  }
  return null;
}

/** The other recordings that ran while this one does, each with what to add to this one's time to get its own. */
export function beside(entries: readonly Entry[], entry: Entry): { entry: Entry; addMs: number }[] {
  return entries
    .filter((other) => other !== entry && isPlayable(other.video) && other.startMs < endOf(entry) && endOf(other) > entry.startMs)
    .map((other) => ({ entry: other, addMs: entry.startMs - other.startMs }));
}

/** A camera that begins this much after a screen begins with it. */
const TOGETHER_MS = 1_000;

/** Where playing a video from its beginning begins: with the camera leading wherever one ran, since it has the sound. */
export function beginning(entries: readonly Entry[], entry: Entry): Position {
  const camera = beside(entries, entry).find(({ entry: other, addMs }) => !isScreen(other.video) && addMs <= 0 && addMs > -TOGETHER_MS);
  const found = isPlayable(entry.video) ? fromAxis(entries, camera?.entry.startMs ?? entry.startMs) : null;
  return found ?? { videoId: entry.video.id, timeMs: 0 };
}
