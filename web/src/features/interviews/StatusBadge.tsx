import { Badge } from '@mantine/core';
import type { Interview } from '../../api/types';
import { interviews as words } from '../../text/interviews';

const COLOR: Record<Interview['status'], string> = { active: 'viva', inactive: 'yellow', completed: 'gray' };

/** Whether candidates may join. */
export function StatusBadge({ status }: { status: Interview['status'] }) {
  return (
    <Badge variant="light" color={COLOR[status]} tt="none" miw="max-content" data-testid="interview-status" data-status={status}>
      {words.statuses[status]}
    </Badge>
  );
}
