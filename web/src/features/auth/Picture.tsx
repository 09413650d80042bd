import { text } from '../../text';
import { SeverityShape } from '../../ui/SeverityMark';
import classes from './SignIn.module.css';

const words = text.auth.picture;
const BARS = 96;
const HEAD = 54;
const WIDTH = 600;
const HEIGHT = 200;

/** The height of a bar, as of somebody who speaks twice. */
const heightOf = (bar: number): number => {
  const first = Math.exp(-(((bar - 30) / 12) ** 2));
  const second = 0.7 * Math.exp(-(((bar - 68) / 9) ** 2));
  return 10 + 150 * (first + second) * (0.55 + 0.45 * Math.abs(Math.sin(bar * 1.9)));
};

const path = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => {
    const bar = from + index;
    const x = ((bar + 0.5) * WIDTH) / BARS;
    return `M${x.toFixed(1)} ${(HEIGHT / 2 - heightOf(bar) / 2).toFixed(1)}v${heightOf(bar).toFixed(1)}`;
  }).join('');

/** What a session looks like to those who review it, drawn; nobody's. */
export default function Picture() {
  const x = (HEAD * WIDTH) / BARS;
  return (
    <aside className={classes.shown} aria-label={words.label}>
      <div className={classes.card} aria-hidden="true">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
          <path className={classes.past} d={path(0, HEAD)} />
          <path className={classes.ahead} d={path(HEAD, BARS)} />
          <path className={classes.head} d={`M${x} 0v${HEIGHT}`} />
        </svg>
        <div className={classes.row}>
          <span>{text.events.lanes.face}</span>
          <s>{words.dismissed}</s>
        </div>
        <div className={classes.row}>
          <span>{text.events.lanes.window}</span>
          <span>{words.nothing}</span>
        </div>
        <div className={classes.row}>
          <span>{text.events.lanes.connection}</span>
          <span>
            <SeverityShape severity="low" size={10} /> {words.lost}
          </span>
        </div>
      </div>
      <p className={classes.motto}>{words.motto}</p>
    </aside>
  );
}
