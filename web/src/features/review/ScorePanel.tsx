import { Anchor, Group, Text, Title, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMe } from '../../api/queries/auth';
import type { IntegrityScore, Review, ScoreLine } from '../../api/types';
import { text } from '../../text';
import { review as reviewText } from '../../text/review';
import { manages } from '../../ui/roles';
import { SeverityShape } from '../../ui/SeverityMark';
import parts from './parts.module.css';
import { folded, lineKey, lineReason, noScoreReason, notAnalysedSeconds, orderedLines, pointsOf, pointsOff, readablePoints, sumSentence } from './score';
import classes from './score.module.css';
import type { Desk } from './useDesk';

const words = reviewText.score;

function Line({ line, desk }: { line: ScoreLine; desk: Desk }) {
  const marked = desk.marked?.key === lineKey(line);
  return (
    <li>
      <button
        type="button"
        className={classes.scoreLine}
        aria-pressed={marked}
        data-weightless={line.points === 0 || undefined}
        data-testid="score-line"
        data-event-type={line.event_type}
        data-severity={line.severity}
        data-points={line.points}
        onClick={(click) => {
          desk.mark(marked ? null : { key: lineKey(line), ids: new Set(line.event_ids) });
          if (click.detail > 0) click.currentTarget.blur();
        }}
      >
        <span className={classes.scorePoints}>{pointsOff(line.points)}</span>
        <span className={classes.scoreWhat}>
          <Text span size="sm">
            {line.count} × {text.events.label(line.event_type)}
          </Text>
          <Text span size="xs" c="dimmed" className={classes.scoreReason}>
            <SeverityShape severity={line.severity} size={10} /> {text.common.severity[line.severity]} · {lineReason(line)}
          </Text>
        </span>
      </button>
    </li>
  );
}

function Weights({ score, interviewId }: { score: IntegrityScore; interviewId: string }) {
  const { data: me } = useMe();
  const origin = words.origin[score.policy_origin];
  // A preset has no versions of its own.
  const name = score.policy_origin === 'preset' ? words.weightsOf(origin) : words.weights(origin, score.policy_version);
  const to = score.policy_origin === 'interview' ? `/interviews/${interviewId}/policy` : '/policy';
  return (
    <Text size="xs" c="dimmed" data-testid="score-policy">
      {me && manages(me) ? (
        <Anchor component={Link} to={to} inherit>
          {name}
        </Anchor>
      ) : (
        name
      )}
    </Text>
  );
}

function Sum({ score, desk }: { score: IntegrityScore; desk: Desk }) {
  const [open, setOpen] = useState(false);
  const { shown, rest } = folded(orderedLines(score), open);
  return (
    <>
      <VisuallyHidden>{sumSentence(score)}</VisuallyHidden>
      {score.lines.length > 0 && (
        <div className={classes.scoreStart} aria-hidden="true">
          <span className={classes.scorePoints}>100</span>
          <Text span size="xs" c="dimmed">
            {words.start}
          </Text>
        </div>
      )}
      <ul className={classes.scoreLines} aria-label={words.lines}>
        {shown.map((line) => (
          <Line key={lineKey(line)} line={line} desk={desk} />
        ))}
        {rest.length > 0 && (
          <li>
            <button type="button" className={classes.scoreLine} onClick={() => setOpen(true)} data-testid="score-more">
              <span className={classes.scorePoints}>{pointsOff(pointsOf(rest))}</span>
              <Text span size="sm" c="var(--mantine-primary-color-light-color)">
                {words.more(rest.length)}
              </Text>
            </button>
          </li>
        )}
      </ul>
      {score.lines.length > 0 && (
        <div className={classes.scoreEnd} aria-hidden="true">
          <span className={classes.scorePoints}>= {readablePoints(score.value)}</span>
          {score.points > 100 && (
            <Text span size="xs" c="dimmed">
              {words.floor(readablePoints(score.points))}
            </Text>
          )}
        </div>
      )}
    </>
  );
}

/** The integrity score as a sum that can be read line by line; a line shows its incidents. */
export function ScorePanel({ review, desk }: { review: Review; desk: Desk }) {
  const { score } = review;
  const unseen = notAnalysedSeconds(review);
  return (
    <section className={parts.section} aria-label={words.title} data-testid="score" data-value={score?.value}>
      <Group justify="space-between" align="baseline" wrap="nowrap" gap={4}>
        <Title order={3}>{words.title}</Title>
        <Text span aria-live="polite" className={classes.scoreValue} data-testid="score-value">
          {score ? readablePoints(score.value) : '–'}
          {score && (
            <Text span size="xs" c="dimmed">
              {' '}
              {words.of}
            </Text>
          )}
        </Text>
      </Group>
      {score ? (
        <Sum score={score} desk={desk} />
      ) : (
        <Text size="sm" c="dimmed" data-testid="no-score">
          {noScoreReason(review)}
        </Text>
      )}
      {score && unseen > 0 && (
        <Text size="sm" data-testid="score-not-analysed">
          {words.notAnalysed(unseen)}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {words.informs}
      </Text>
      {score && <Weights score={score} interviewId={review.session.interview.id} />}
    </section>
  );
}
