import { Badge, Button, Group, Stack, Text, Textarea, Title, Tooltip } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { usePatchVideo } from '../../api/queries/review';
import type { Video } from '../../api/types';
import type { Entry } from '../../core/playback/playlist';
import { formatTenths } from '../../core/time/clock';
import { text } from '../../text';
import { review as words } from '../../text/review';
import { CopyText } from '../../ui/CopyText';
import { ErrorNote } from '../../ui/ErrorNote';
import { entryName, formatBytes } from './describe';
import classes from './facts.module.css';
import parts from './parts.module.css';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0}>
        {children}
      </Text>
    </div>
  );
}

function Feedback({ video, sessionId }: { video: Video; sessionId: string }) {
  const patch = usePatchVideo(sessionId);
  const saved = video.feedback ?? '';
  const [feedback, setFeedback] = useState(saved);
  return (
    <Stack gap="xs">
      <Textarea label={words.feedback} autosize minRows={2} value={feedback} onChange={(event) => setFeedback(event.currentTarget.value)} />
      <ErrorNote error={patch.error} />
      <Button
        size="xs"
        variant="default"
        disabled={feedback === saved}
        loading={patch.isPending}
        onClick={() => patch.mutate({ videoId: video.id, feedback })}
        style={{ alignSelf: 'flex-end' }}
      >
        {text.common.save}
      </Button>
    </Stack>
  );
}

/** What is known of a recording itself; `alone` when there is no other beside it. */
export function VideoFacts({ entry, alone, sessionId }: { entry: Entry; alone: boolean; sessionId: string }) {
  const { video } = entry;
  const title = alone ? words.facts : words.factsOf(entryName(entry));
  const codecs = [video.container, video.video_codec, video.audio_codec].filter(Boolean).join(' · ');
  return (
    <section className={`${parts.section} ${classes.facts}`} aria-label={title} data-testid="video-facts" data-video-status={video.status}>
      <Group gap="sm">
        <Title order={3}>{title}</Title>
        {video.status === 'recovered' && (
          <Tooltip label={words.recoveredHint} multiline w={280}>
            <Badge color="yellow" variant="light" tt="none" data-testid="recovered-badge">
              {words.recovered}
            </Badge>
          </Tooltip>
        )}
      </Group>
      <dl className={classes.factList}>
        {video.duration_ms !== null && <Fact name={words.duration}>{formatTenths(video.duration_ms)}</Fact>}
        {video.width !== null && video.height !== null && (
          <Fact name={words.resolution}>
            {video.width}×{video.height}
          </Fact>
        )}
        {video.bytes !== null && <Fact name={words.size}>{formatBytes(video.bytes)}</Fact>}
        {codecs && <Fact name={words.codec}>{codecs}</Fact>}
        {video.segments.length > 0 && <Fact name={words.segments}>{words.gap(video.segments.length)}</Fact>}
        {video.sha256 && (
          <Fact name={words.sha256}>
            <Group gap={4} component="span" wrap="nowrap">
              <span className={classes.hash}>{video.sha256.slice(0, 12)}…</span>
              <CopyText value={video.sha256} label={`${text.common.copy} ${words.sha256}`} />
            </Group>
          </Fact>
        )}
      </dl>
      <Feedback key={video.id} video={video} sessionId={sessionId} />
    </section>
  );
}
