import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import type { ProctoringEvent } from '../../api/types';
import type { PlacedEvent } from '../../core/playback/incidents';
import { unreviewedCount } from '../../core/playback/incidents';
import { formatClock } from '../../core/time/clock';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { TimeOfDay } from '../../ui/Moment';
import { SeverityShape } from '../../ui/SeverityMark';
import { lasting } from './describe';
import classes from './incidents.module.css';
import type { Desk } from './useDesk';

const lastingOf = (event: ProctoringEvent): string => {
  const length = lasting(event);
  return length === null ? '' : `, ${length}`;
};

interface Props {
  desk: Desk;
  /** After an incident was chosen here. */
  onChosen: () => void;
}

function Row({ item, desk, onChosen }: Props & { item: PlacedEvent }) {
  const { event } = item;
  return (
    <li>
      <button
        type="button"
        className={classes.incidentRow}
        aria-current={desk.selected?.id === event.id}
        data-dismissed={event.verdict === 'dismissed' || undefined}
        data-testid="incident-row"
        data-event-type={event.event_type}
        data-event-id={event.id}
        data-verdict={event.verdict}
        onClick={(click) => {
          desk.select(event);
          if (click.detail > 0) click.currentTarget.blur();
          onChosen();
        }}
      >
        <SeverityShape severity={event.severity} size={12} />
        <span className={classes.what}>{text.events.label(event.event_type)}</span>
        <span>{item.axisMs === null ? <TimeOfDay iso={event.detected_at} inherit /> : formatClock(item.axisMs)}</span>
        <span className={classes.rest}>
          {text.common.severity[event.severity]}
          {lastingOf(event)}
          <span>{words.verdict[event.verdict]}</span>
        </span>
      </button>
    </li>
  );
}

function Rows({ items, ...props }: Props & { items: PlacedEvent[] }) {
  if (items.length === 0) return null;
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <Row key={item.event.id} item={item} {...props} />
      ))}
    </ul>
  );
}

/** Every incident of the session in the order of the recording. */
export function IncidentList({ desk, onChosen }: Props) {
  const [filter, setFilter] = useState('all');
  const open = unreviewedCount(desk.placed.map((item) => item.event));
  const { marked } = desk;
  const ofLine = desk.placed.filter((item) => marked?.ids.has(item.event.id) ?? true);
  const shown = filter === 'all' || marked ? ofLine : ofLine.filter((item) => item.event.verdict === 'none');
  const recorded = shown.filter((item) => item.axisMs !== null);
  const unrecorded = shown.filter((item) => item.axisMs === null);

  return (
    <section className={classes.incidents} aria-label={words.incidents}>
      <div className={classes.listHead}>
        <h2>{words.incidents}</h2>
        {desk.placed.length}
      </div>
      {marked && (
        <Group justify="space-between" wrap="nowrap" gap="xs" data-testid="marked">
          <Text size="sm">{words.score.showing(ofLine.length)}</Text>
          <Button size="compact-xs" variant="subtle" onClick={() => desk.mark(null)}>
            {words.score.showAll}
          </Button>
        </Group>
      )}
      {desk.placed.length > 0 && !marked && (
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={words.incidents}
          value={filter}
          onChange={setFilter}
          data={[
            { value: 'all', label: words.filterAll },
            { value: 'open', label: `${words.filterOpen} (${open})` },
          ]}
        />
      )}
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {desk.placed.length === 0 ? words.incidentsEmptyHint : words.filterEmpty}
        </Text>
      )}
      <div className={classes.listScroll}>
        <Rows items={recorded} desk={desk} onChosen={onChosen} />
        {unrecorded.length > 0 && (
          <Text size="xs" c="dimmed" fw={600} mt={recorded.length > 0 ? 'sm' : 0} mb={4} data-testid="unrecorded">
            {words.unrecordedTitle}
          </Text>
        )}
        <Rows items={unrecorded} desk={desk} onChosen={onChosen} />
      </div>
    </section>
  );
}
