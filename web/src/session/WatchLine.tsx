import { text } from '../text';
import { useConnection, useStore } from './context';
import classes from './WatchLine.module.css';

/** What was noted about the page last, in one quiet line: a candidate knows what a reviewer will read. */
export function WatchLine() {
  const noted = useStore(useConnection().watch.noted);
  return (
    <div className={classes.line} role="status">
      {noted && (
        <span data-testid="noted" data-event-type={noted.type}>
          {text.events.noted(noted.type)}
        </span>
      )}
    </div>
  );
}
