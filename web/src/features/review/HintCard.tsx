import { Text } from '@mantine/core';
import type { Hint } from '../../core/timeline/hint';
import { formatTenths } from '../../core/time/clock';
import { text } from '../../text';
import { measures as measuresText } from '../../text/measures';
import { review as words } from '../../text/review';
import { SeverityMark } from '../../ui/SeverityMark';
import { lasting } from './describe';
import classes from './hint.module.css';
import { why } from './why';

const WIDTH_PX = 248;
/** Values in the hint; the panel shows all. */
const SHOWN = 3;

/** What is at a place of the timeline: the time, and over an incident its picture, name and the values that count most. */
export function HintCard({ hint, atPx, trackPx }: { hint: Hint; atPx: number; trackPx: number }) {
  const { event } = hint;
  const width = event ? Math.min(WIDTH_PX, trackPx) : 72;
  const left = Math.max(0, Math.min(trackPx - width, atPx - width / 2));
  return (
    <div className={classes.hint} style={{ left, width }} aria-hidden="true" data-testid="timeline-hint" data-event-id={event?.id}>
      {event?.snapshot_url && <img key={event.id} src={event.snapshot_url} alt="" />}
      <div className={classes.hintWords}>
        <Text size="xs" ta={event ? undefined : 'center'} data-testid="hint-time">
          {formatTenths(hint.axisMs)}
        </Text>
        {event && (
          <>
            <Text size="sm" fw={600}>
              {text.events.label(event.event_type)}
            </Text>
            <SeverityMark severity={event.severity} size="xs" />
            <Text size="xs" c="dimmed">
              {[lasting(event), words.verdict[event.verdict]].filter((part) => part !== null).join(' · ')}
            </Text>
            {why(event)
              .measured.filter((row) => row.name !== measuresText.name('duration_ms'))
              .slice(0, SHOWN)
              .map((row) => (
                <Text size="xs" key={row.name}>
                  {row.name}: {row.value}
                </Text>
              ))}
            {hint.others > 0 && (
              <Text size="xs" c="dimmed">
                {words.othersHere(hint.others)}
              </Text>
            )}
          </>
        )}
      </div>
    </div>
  );
}
