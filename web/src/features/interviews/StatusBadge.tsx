import type { Interview } from '../../api/types';
import { interviews as words } from '../../text/interviews';
import classes from './dashboard.module.css';

/** Whether candidates may join. */
export function StatusBadge({ status }: { status: Interview['status'] }) {
  return (
    <span className={classes.tag} data-testid="interview-status" data-status={status}>
      {words.statuses[status]}
    </span>
  );
}
