import { Badge, Group, Text } from '@mantine/core';
import type { Entry } from '../../core/playback/playlist';
import { formatClock } from '../../core/time/clock';
import { review as words } from '../../text/review';
import { entryName, questionText } from './describe';
import classes from './playlist.module.css';
import type { Desk } from './useDesk';

function Row({ entry, desk }: { entry: Entry; desk: Desk }) {
  const { video } = entry;
  const unfinished = video.status === 'recording' || video.status === 'finalising' || video.status === 'failed' ? video.status : null;
  return (
    <li>
      <button
        type="button"
        className={classes.entry}
        aria-current={video.id === desk.player.videoId}
        data-testid="playlist-entry"
        data-video-id={video.id}
        data-video-status={video.status}
        onClick={() => desk.playEntry(entry)}
      >
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text span size="sm" fw={600}>
            {entryName(entry)}
          </Text>
          <Text span size="xs" c="dimmed">
            {unfinished ? words.videoState[unfinished].title : formatClock(entry.durationMs)}
          </Text>
        </Group>
        {entry.question && (
          <Text span size="xs" c="dimmed" lineClamp={2}>
            {questionText(entry.question)}
          </Text>
        )}
        {!video.is_selected && (
          <Badge size="xs" variant="light" color="gray" tt="none">
            {words.notChosen}
          </Badge>
        )}
      </button>
    </li>
  );
}

/** The recordings of a session, with their questions. */
export function Playlist({ desk }: { desk: Desk }) {
  if (desk.entries.length < 2) return null;
  return (
    <nav className={classes.playlist} aria-label={words.playlist}>
      <ol className={classes.entries}>
        {desk.entries.map((entry) => (
          <Row key={entry.video.id} entry={entry} desk={desk} />
        ))}
      </ol>
    </nav>
  );
}
