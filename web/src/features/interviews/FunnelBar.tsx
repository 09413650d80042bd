import type { Funnel } from '../../api/types';
import { interviews } from '../../text/interviews';
import classes from './interviews.module.css';

const words = interviews.funnel;
const STEPS = ['invited', 'opened', 'joined', 'started', 'done', 'reviewed'] as const;

/** How far those invited are: each step with its number, and a bar as long as its share of all. */
export function FunnelBar({ funnel }: { funnel: Funnel }) {
  return (
    <dl className={classes.funnel} aria-label={words.label} data-testid="funnel">
      {STEPS.map((step) => (
        <div key={step} className={classes.stage} data-stage={step} data-count={funnel[step]}>
          <dt>{words[step]}</dt>
          <dd>{funnel[step]}</dd>
          <span className={classes.track} aria-hidden>
            <span style={{ width: `${funnel.invited === 0 ? 0 : (100 * Math.min(funnel[step], funnel.invited)) / funnel.invited}%` }} />
          </span>
        </div>
      ))}
    </dl>
  );
}
