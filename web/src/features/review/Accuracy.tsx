import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { accuracyPage } from '../../api/published';
import { publishedFor } from '../../core/markdown/published';
import { why as words } from '../../text/why';

/** What was published about how well this type is found, and the way to all of it. A chunk of its own: the page is long. */
export default function Accuracy({ eventType, estimated }: { eventType: string; estimated: boolean }) {
  if (accuracyPage === null) return null;
  const published = publishedFor(accuracyPage, eventType);
  return (
    <Text size="sm" data-testid="why-accuracy">
      {published && words.published(published.found, published.staged, published.perHour)} {published?.careful && words.careful}
      {!published && estimated && words.unpublished}{' '}
      <Anchor component={Link} to={`/accuracy?type=${eventType}#how-well`} inherit>
        {words.accuracy}
      </Anchor>
    </Text>
  );
}
