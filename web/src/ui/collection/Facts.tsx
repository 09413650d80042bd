import { Badge, Group, Text } from '@mantine/core';
import type { BankQuestion } from '../../api/types';
import { questions as words } from '../../text/questions';

/** How difficult, which kind, which tags. */
export function Facts({ question }: { question: Pick<BankQuestion, 'difficulty' | 'category'> & { tags?: { id: string; name: string }[] } }) {
  return (
    <Group gap={6} mt={4}>
      <Badge variant="light" color="gray" tt="none" size="sm">
        {words.difficulty[question.difficulty]}
      </Badge>
      <Text size="xs" c="dimmed">
        {question.category}
      </Text>
      {question.tags?.map((tag) => (
        <Badge key={tag.id} variant="default" tt="none" fw={500} size="sm">
          {tag.name}
        </Badge>
      ))}
    </Group>
  );
}
