import { Button } from '@mantine/core';
import type { CaptureErrorCode } from '../core/media/capture';
import { text } from '../text';
import { Note } from '../ui/Note';

/** Why there is no camera or microphone, and what to do. */
export function CaptureProblem({ code, onRetry }: { code: CaptureErrorCode; onRetry: () => void }) {
  const { title, remedy } = text.attend.capture[code];
  return (
    <Note code={code} title={title} card>
      <div>{remedy}</div>
      <Button size="md" onClick={onRetry}>
        {text.common.retry}
      </Button>
    </Note>
  );
}
