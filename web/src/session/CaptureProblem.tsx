import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconCameraOff } from '@tabler/icons-react';
import type { CaptureErrorCode } from '../core/media/capture';
import { text } from '../text';

/** Why there is no camera or microphone, and what to do. */
export function CaptureProblem({ code, onRetry }: { code: CaptureErrorCode; onRetry: () => void }) {
  const { title, remedy } = text.attend.capture[code];
  return (
    <Alert color="red" variant="light" icon={<IconCameraOff size={20} />} title={title} role="alert" data-error={code}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{remedy}</Text>
        <Button size="sm" onClick={onRetry}>
          {text.common.retry}
        </Button>
      </Stack>
    </Alert>
  );
}
