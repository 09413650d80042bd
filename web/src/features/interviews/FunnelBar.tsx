import type { Funnel } from '../../api/types';
import { interviews } from '../../text/interviews';
import classes from './dashboard.module.css';

const words = interviews.funnel;
const STEPS = ['invited', 'opened', 'joined', 'started', 'done', 'reviewed'] as const;

const shareOf = (count: number, invited: number): number => (invited === 0 ? 0 : Math.round((100 * Math.min(count, invited)) / invited));

/** How far those invited are: each step with its number, its share of all, and a bar as long as that. */
export function FunnelBar({ funnel }: { funnel: Funnel }) {
  return (
    <dl className={classes.funnel} aria-label={words.label} data-testid="funnel">
      {STEPS.map((step) => {
        const share = shareOf(funnel[step], funnel.invited);
        return (
          <div key={step} className={classes.stage} data-stage={step} data-count={funnel[step]}>
            <dt>{words[step]}</dt>
            <dd>
              {funnel[step]}
              {step !== 'invited' && funnel.invited > 0 && <small>{share}%</small>}
            </dd>
            <span className={classes.track} aria-hidden>
              <span style={{ width: `${share}%` }} />
            </span>
          </div>
        );
      })}
    </dl>
  );
}
