import { Text, Title } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import type { ProctoringEvent } from '../../api/types';
import { measures as measuresText } from '../../text/measures';
import { review as reviewText } from '../../text/review';
import { why as words } from '../../text/why';
import { isSeen } from './measures';
import { SeriesChart } from './SeriesChart';
import classes from './why.module.css';
import { why, type WhyRow } from './why';

// The published page is long, and only read here and on a page of its own.
const Accuracy = lazy(() => import('./Accuracy'));

/** A number and its unit stay on one line. */
const together = (value: string): string => value.replaceAll(/(?<=\d) (?=[%s×d])/g, '\u00a0');

function Rows({ rows }: { rows: WhyRow[] }) {
  return (
    <dl className={classes.rows}>
      {rows.map((row) => (
        <div key={row.name}>
          <dt>{row.name}</dt>
          <dd>{together(row.value)}</dd>
          {(row.limit !== null || row.about !== null) && (
            <dd className={classes.about}>
              {[row.limit, row.about].filter((part) => part !== null).join(' · ')}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function Folded({ title, open, children }: { title: string; open: boolean; children: ReactNode }) {
  return (
    <details className={classes.folded} open={open}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

/** Why the incident was raised: in words, how sure that is, then every value and limit. */
export function WhyPanel({ event }: { event: ProctoringEvent }) {
  const { sentence, sure, measured, limits, series, spread, policyVersion } = why(event);
  return (
    <section className={classes.panel} aria-label={words.title} data-testid="why">
      <Title order={3}>{words.title}</Title>
      {sentence !== null && (
        <Text size="sm" data-testid="why-sentence">
          {sentence}
        </Text>
      )}
      {series && <SeriesChart series={series} />}
      <Title order={4} size="sm">
        {words.sure}
      </Title>
      {sure.map((line) => (
        <Text size="sm" key={line} data-testid="why-sure">
          {line}
        </Text>
      ))}
      <Suspense fallback={null}>
        <Accuracy eventType={event.event_type} estimated={isSeen(event.event_type)} />
      </Suspense>
      {measured.length > 0 && (
        <Folded title={words.values(measured.length)} open>
          {spread && (
            <Text size="xs" c="dimmed">
              {words.spread}
            </Text>
          )}
          <Rows rows={measured} />
        </Folded>
      )}
      {limits.length > 0 && (
        <Folded title={words.limits(limits.length)} open={false}>
          <Rows rows={limits} />
        </Folded>
      )}
      <Text size="xs" c="dimmed" className={classes.made}>
        {reviewText.detector}: {event.detector}
        {event.model_version !== '' && ` · ${reviewText.model}: ${event.model_version}`}
        {policyVersion !== null && ` · ${measuresText.policy}: ${policyVersion}`}
      </Text>
    </section>
  );
}
