import { Text } from '@mantine/core';
import { curve } from '../../core/timeline/curve';
import classes from './why.module.css';
import type { Series } from './why';

const WIDTH = 280;
const HEIGHT = 44;

/** What was observed over the incident, with the limits it is compared with. */
export function SeriesChart({ series }: { series: Series }) {
  const { path, limits } = curve(series.points, series.limits, WIDTH, HEIGHT);
  const caption = [series.caption, series.limitText].filter((part) => part !== null).join(' · ');
  return (
    <figure className={classes.series} data-testid="why-series">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={caption} preserveAspectRatio="none">
        {limits.map((at) => (
          <line key={at} x1="0" x2={WIDTH} y1={at} y2={at} />
        ))}
        <path d={path} />
      </svg>
      <Text component="figcaption" size="xs" c="dimmed" aria-hidden="true">
        {caption}
      </Text>
    </figure>
  );
}
