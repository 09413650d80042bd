import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useSelectTake } from '../../api/queries/session';
import { currentTakes } from '../../core/flow/oneWay';
import { text } from '../../text';
import { ErrorNote } from '../../ui/ErrorNote';
import classes from './answer.module.css';
import type { AnswerFlow } from './useAnswerFlow';

const words = text.attend.answer;

/** The takes of one answer: listen back, choose the one that counts. */
export function Takes({ sessionId, answer }: { sessionId: string; answer: AnswerFlow }) {
  const select = useSelectTake(sessionId);
  const takes = currentTakes(answer.flow);

  const choose = (videoId: string) => select.mutate(videoId, { onSuccess: () => answer.select(videoId) });
  return (
    <Stack gap="sm" w="100%">
      <ul className={classes.takes} aria-label={words.takes}>
        {takes.map((take) => (
          <li key={take.videoId} className={classes.take} data-testid="take" data-selected={take.selected || undefined}>
            {/* eslint-disable-next-line jsx-a11y/media-has-caption -- one's own words, a minute ago */}
            <video src={`/api/v1/videos/${take.videoId}/file`} controls preload="metadata" playsInline />
            <Group justify="space-between" mih={36}>
              <Text size="sm" fw={600}>
                {words.take(take.number)}
              </Text>
              {take.selected ? (
                <Badge variant="light" tt="none">
                  {words.takeCounts}
                </Badge>
              ) : (
                <Button size="xs" variant="subtle" loading={select.isPending} onClick={() => choose(take.videoId)}>
                  {words.chooseTake}
                </Button>
              )}
            </Group>
          </li>
        ))}
      </ul>
      <ErrorNote error={select.error} />
    </Stack>
  );
}
