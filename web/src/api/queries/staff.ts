import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { SessionRow } from '../types';

export interface SessionFilter {
  status: SessionRow['status'] | null;
  kind: SessionRow['kind'] | null;
  q: string;
  /** Only those with incidents nobody has looked at. */
  unreviewed: boolean;
  since: string | null;
  until: string | null;
}

const PAGE = 25;
/** Presence is not pushed to the list, so it is read again while the page is open. */
const LIST_REFRESH_MS = 10_000;

export const useSessions = (filter: SessionFilter) =>
  useInfiniteQuery({
    queryKey: ['sessions', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET('/api/v1/sessions', {
          params: {
            query: {
              limit: PAGE,
              ...(filter.status && { status: filter.status }),
              ...(filter.kind && { kind: filter.kind }),
              ...(filter.q && { q: filter.q }),
              ...(filter.unreviewed && { unreviewed: true }),
              ...(filter.since && { since: filter.since }),
              ...(filter.until && { until: filter.until }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: LIST_REFRESH_MS,
  });

export const useInterviews = () =>
  useQuery({
    queryKey: ['interviews'],
    queryFn: () => unwrap(client.GET('/api/v1/interviews', { params: { query: { limit: 100 } } })),
    select: (list) => list.items,
  });

export const usePeople = () =>
  useQuery({ queryKey: ['people'], queryFn: () => unwrap(client.GET('/api/v1/people')), select: (list) => list.items });
