import { useMemo } from 'react';
import type { Scale } from '../../core/timeline/scale';
import { bars, barsPath } from '../../core/timeline/waveform';
import { review as reviewText } from '../../text/review';
import classes from './timeline.module.css';
import type { Desk } from './useDesk';

const HEIGHT_PX = 43;

/** How loud the recordings are, on the timeline's axis; pointers go through it to the timeline. */
export function Waveform({ desk, scale: { startMs, endMs, widthPx } }: { desk: Desk; scale: Scale }) {
  const { entries, waveforms } = desk;
  const path = useMemo(
    () => barsPath(bars(entries, waveforms, { startMs, endMs, widthPx }), HEIGHT_PX),
    [entries, waveforms, startMs, endMs, widthPx],
  );
  return (
    <div className={classes.lane}>
      <svg className={classes.waveform} width={widthPx} height={HEIGHT_PX} viewBox={`0 0 ${Math.max(1, widthPx)} ${HEIGHT_PX}`} preserveAspectRatio="none" role="img" aria-label={reviewText.waveform} data-testid="waveform">
        <path d={path} />
      </svg>
    </div>
  );
}
