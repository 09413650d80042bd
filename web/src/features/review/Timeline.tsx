import { ActionIcon, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconArrowAutofitWidth, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { isScreen, type Entry } from '../../core/playback/playlist';
import type { Span } from '../../core/timeline/cluster';
import { hintAt } from '../../core/timeline/hint';
import { laneOf, LANES } from '../../core/timeline/lanes';
import { ticks, timeToPx, type Scale } from '../../core/timeline/scale';
import { spanOf } from '../../core/timeline/view';
import { formatClock, formatTenths } from '../../core/time/clock';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { entryName, entryShortName, questionText } from './describe';
import { HintCard } from './HintCard';
import { Lane } from './Lane';
import { Overview } from './Overview';
import classes from './timeline.module.css';
import type { Desk } from './useDesk';
import type { TimelineView } from './useTimelineView';
import { usePointing } from './usePointing';
import { Waveform } from './Waveform';

/** Markers closer than this are one: a finger or pointer could not tell them apart. */
const JOIN_PX = 3;
/** A time of the ruler is left out where less than this is left for it. */
const LABEL_PX = 36;
/** From here on a block has room for its whole name. */
const WIDE_PX = 120;

function spansOf(desk: Desk): Span[] {
  return desk.placed.flatMap(({ event, axisMs, endMs }) =>
    axisMs === null
      ? []
      : {
          id: event.id,
          eventType: event.event_type,
          severity: event.severity,
          startMs: axisMs,
          endMs,
          dismissed: event.verdict === 'dismissed',
        },
  );
}

/** Whether it is one of the pictures shown now. */
const isPlaying = (entry: Entry, { player, axisMs }: Desk): boolean =>
  entry.video.id === player.videoId || (isScreen(entry.video) && axisMs >= entry.startMs && axisMs < entry.startMs + entry.durationMs);

function Block({ entry, desk, scale }: { entry: Entry; desk: Desk; scale: Scale }) {
  const left = Math.max(0, timeToPx(scale, entry.startMs));
  const right = Math.min(scale.widthPx, timeToPx(scale, entry.startMs + entry.durationMs));
  if (right <= 0 || left >= scale.widthPx) return null;
  const width = Math.max(2, right - left - 2);
  const name = entryName(entry);
  const shown = width < WIDE_PX ? entryShortName(entry) : name;
  return (
    <button
      type="button"
      className={classes.block}
      style={{ left, width }}
      // Whoever speaks to the page says what they read on the block.
      aria-label={`${shown === name ? '' : `${shown}, `}${name} ${questionText(entry.question)}`}
      title={questionText(entry.question)}
      data-current={isPlaying(entry, desk) || undefined}
      onClick={() => desk.playEntry(entry)}
    >
      {shown}
    </button>
  );
}

function Blocks({ entries, desk, scale }: { entries: readonly Entry[]; desk: Desk; scale: Scale }) {
  return (
    <div className={classes.lane} data-kind="blocks">
      {entries
        .filter((entry) => entry.durationMs > 0)
        .map((entry) => (
          <Block key={entry.video.id} entry={entry} desk={desk} scale={scale} />
        ))}
    </div>
  );
}

function Ruler({ scale }: { scale: Scale }) {
  return (
    <div className={classes.ruler} aria-hidden="true">
      {ticks(scale)
        .filter((timeMs) => timeToPx(scale, timeMs) < scale.widthPx - LABEL_PX)
        .map((timeMs) => (
          <span key={timeMs} style={{ left: timeToPx(scale, timeMs) }}>
            {formatClock(timeMs)}
          </span>
        ))}
    </div>
  );
}

function ZoomButton({ label, disabled, onClick, children }: { label: string; disabled: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}

function Zoom({ zoom }: { zoom: TimelineView }) {
  const { startMs, endMs } = zoom.view;
  return (
    <div className={classes.zoom} role="group" aria-label={words.zoom.title}>
      <ZoomButton label={words.zoom.out} disabled={zoom.whole} onClick={zoom.zoomOut}>
        <IconZoomOut size={18} />
      </ZoomButton>
      <ZoomButton label={words.zoom.in} disabled={zoom.closest} onClick={zoom.zoomIn}>
        <IconZoomIn size={18} />
      </ZoomButton>
      <ZoomButton label={words.zoom.all} disabled={zoom.whole} onClick={zoom.showAll}>
        <IconArrowAutofitWidth size={18} />
      </ZoomButton>
      <VisuallyHidden role="status" data-testid="timeline-view">
        {zoom.whole ? words.zoom.showsAll : words.zoom.shows(formatClock(startMs), formatClock(endMs))}
      </VisuallyHidden>
    </div>
  );
}

/** Time from left to right, one lane for each kind of incident; a click seeks, and what is there is said beside the pointer. */
export function Timeline({ desk, zoom }: { desk: Desk; zoom: TimelineView }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const scale: Scale = { ...zoom.view, widthPx: width };
  const { pointed, track, slider } = usePointing(desk, zoom, scale);
  const spans = spansOf(desk);
  const gapMs = width > 0 ? (JOIN_PX / width) * spanOf(zoom.view) : 0;
  const hint = pointed && hintAt(desk.placed, pointed.axisMs, gapMs, pointed.eventId);
  const screens = desk.entries.filter((entry) => isScreen(entry.video));
  const cameras = desk.entries.filter((entry) => !isScreen(entry.video));
  const here = hintAt(desk.placed, desk.axisMs, gapMs).event;

  const hasSound = desk.waveforms.length > 0;
  const inLane = (lane: (typeof LANES)[number]) => spans.filter((span) => laneOf(span.eventType) === lane);

  return (
    <section className={classes.timeline} aria-label={words.timeline}>
      <div className={classes.laneNames} aria-hidden="true">
        <span data-kind="ruler" />
        <span data-kind="blocks">{cameras.some((entry) => entry.question !== null) ? words.questionsLane : words.recordingsLane}</span>
        {screens.length > 0 && <span data-kind="blocks">{words.screenLane}</span>}
        {hasSound && <span>{words.soundLane}</span>}
        {LANES.map((lane) => (
          <span key={lane} data-empty={inLane(lane).length === 0 || undefined}>
            {text.events.lanes[lane]}
          </span>
        ))}
      </div>
      <div ref={ref} className={classes.area}>
        <div className={classes.track} {...track}>
          <div
            className={classes.seek}
            role="slider"
            tabIndex={0}
            aria-label={words.position}
            aria-valuemin={0}
            aria-valuemax={Math.round(desk.totalMs / 1000)}
            aria-valuenow={Math.round(desk.axisMs / 1000)}
            aria-valuetext={here ? `${formatClock(desk.axisMs)}, ${text.events.label(here.event_type)}` : formatClock(desk.axisMs)}
            data-testid="timeline"
            {...slider}
          />
          <Ruler scale={scale} />
          <Blocks entries={cameras} desk={desk} scale={scale} />
          {screens.length > 0 && <Blocks entries={screens} desk={desk} scale={scale} />}
          {hasSound && <Waveform desk={desk} scale={scale} />}
          {LANES.map((lane) => (
            <Lane key={lane} name={lane} spans={inLane(lane)} gapMs={gapMs} scale={scale} desk={desk} />
          ))}
          {pointed && <div className={classes.pointed} style={{ left: timeToPx(scale, pointed.axisMs) }} />}
          <div className={classes.playhead} style={{ left: timeToPx(scale, desk.axisMs) }} data-testid="playhead">
            <b>{formatTenths(desk.axisMs)}</b>
          </div>
        </div>
        {hint && <HintCard hint={hint} atPx={timeToPx(scale, hint.axisMs)} trackPx={width} />}
      </div>
      <Zoom zoom={zoom} />
      <Overview spans={spans} totalMs={desk.totalMs} axisMs={desk.axisMs} zoom={zoom} />
    </section>
  );
}
