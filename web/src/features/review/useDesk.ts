import { useCallback, useEffect, useEffectEvent, useMemo, useReducer, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ProctoringEvent, Review, Waveform } from '../../api/types';
import { neighbour, placeEvents, type PlacedEvent } from '../../core/playback/incidents';
import { EMPTY_PLAYER, playerReducer, type PlayerEvent, type PlayerState } from '../../core/playback/player';
import { beginning, fromAxis, isPlayable, isScreen, playlist, toAxis, totalMs, withPreRoll, type Entry } from '../../core/playback/playlist';

/** Incidents of one line of the score. */
export interface Marked {
  key: string;
  ids: ReadonlySet<string>;
}

export interface Desk {
  entries: Entry[];
  placed: PlacedEvent[];
  waveforms: Waveform[];
  totalMs: number;
  /** Where the player stands on the common axis. */
  axisMs: number;
  selected: ProctoringEvent | null;
  player: PlayerState;
  entry: Entry | null;
  dispatch: (event: PlayerEvent) => void;
  seekAxis: (axisMs: number, play?: boolean) => void;
  seekBy: (ms: number) => void;
  playEntry: (entry: Entry) => void;
  select: (event: ProctoringEvent, play?: boolean) => void;
  /** Shows these incidents only and selects their first; null shows all again. */
  mark: (marked: Marked | null) => void;
  marked: Marked | null;
  step: (direction: 1 | -1) => void;
}

/** What the desk begins with: the incident or moment of the link, else the first recording. */
function useStart(desk: Desk, params: URLSearchParams): void {
  const started = useRef(false);
  const start = useEffectEvent(() => {
    const eventId = params.get('event');
    const linked = desk.placed.find((item) => item.event.id === eventId)?.event;
    const atMs = Number(params.get('t'));
    if (linked) desk.select(linked, false);
    else desk.seekAxis(Number.isFinite(atMs) ? atMs : 0, false);
  });
  const hasVideos = desk.entries.length > 0;
  useEffect(() => {
    if (!hasVideos || started.current) return;
    started.current = true;
    start();
  }, [hasVideos]);
}

/** The state of the review desk: what is selected, where the player stands, and how to get elsewhere. */
export function useDesk(review: Review): Desk {
  const [params, setParams] = useSearchParams();
  const [player, dispatch] = useReducer(playerReducer, EMPTY_PLAYER);
  const [selectedId, setSelectedId] = useState(() => params.get('event'));

  const [marked, setMarked] = useState<Marked | null>(null);

  const entries = useMemo(() => playlist(review.videos, review.session.questions), [review.videos, review.session.questions]);
  const placed = useMemo(() => placeEvents(review.events, entries), [review.events, entries]);
  const entry = entries.find((item) => item.video.id === player.videoId) ?? null;
  const axisMs = player.videoId ? (toAxis(entries, { videoId: player.videoId, timeMs: player.timeMs }) ?? 0) : 0;
  const playing = player.status === 'playing';

  const seekAxis = (target: number, play = playing) => {
    const position = fromAxis(entries, target);
    const first = entries[0];
    if (position) dispatch({ type: 'seek', position, play });
    else if (first) dispatch({ type: 'seek', position: { videoId: first.video.id, timeMs: 0 }, play: false });
  };

  const select = (event: ProctoringEvent, play = true) => {
    setSelectedId(event.id);
    setParams({ event: event.id }, { replace: true });
    const target = entries.find((item) => item.video.id === event.video_id);
    if (!target) return;
    const position = { videoId: target.video.id, timeMs: withPreRoll(event.offset_ms) };
    const axis = isScreen(target.video) ? toAxis(entries, position) : null;
    // A camera leads wherever one ran.
    const led = axis === null ? position : (fromAxis(entries, axis) ?? position);
    dispatch({ type: 'seek', position: led, play: play && isPlayable(target.video) });
  };

  const desk: Desk = {
    entries,
    placed,
    waveforms: review.waveforms,
    totalMs: totalMs(entries),
    axisMs,
    selected: placed.find((item) => item.event.id === selectedId)?.event ?? null,
    player,
    entry,
    dispatch: useCallback((event: PlayerEvent) => dispatch(event), []),
    seekAxis,
    seekBy: (ms) => seekAxis(Math.max(0, axisMs + ms)),
    playEntry: (target) => dispatch({ type: 'seek', position: beginning(entries, target), play: isPlayable(target.video) }),
    select,
    marked,
    mark: (next) => {
      setMarked(next);
      const first = placed.find((item) => next?.ids.has(item.event.id));
      if (first) select(first.event, false);
    },
    step: (direction) => {
      const next = neighbour(placed, selectedId, axisMs, direction);
      if (next) select(next.event);
    },
  };
  useStart(desk, params);
  return desk;
}
