import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { Video } from '../types';

export interface VideoFilter {
  q: string;
  status: Video['status'] | null;
  since: string | null;
  until: string | null;
}

const PAGE = 25;

export const useVideos = (filter: VideoFilter) =>
  useInfiniteQuery({
    queryKey: ['videos', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET('/api/v1/videos', {
          params: {
            query: {
              limit: PAGE,
              ...(filter.q && { q: filter.q }),
              ...(filter.status && { status: filter.status }),
              ...(filter.since && { since: filter.since }),
              ...(filter.until && { until: filter.until }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
