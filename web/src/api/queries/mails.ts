import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { Mail } from '../types';

const PAGE = 50;
const REFRESH_MS = 10_000;

export interface MailFilter {
  status: Mail['status'] | null;
  to: string;
  failedFirst: boolean;
}

export const useMails = (filter: MailFilter) =>
  useInfiniteQuery({
    queryKey: ['mails', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET('/api/v1/mails', {
          params: {
            query: {
              limit: PAGE,
              ...(filter.status && { status: filter.status }),
              ...(filter.to && { to: filter.to }),
              ...(filter.failedFirst && { failed_first: true }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });

export const useMail = (mailId: string) =>
  useQuery({
    queryKey: ['mails', 'one', mailId],
    queryFn: () => unwrap(client.GET('/api/v1/mails/{mail_id}', { params: { path: { mail_id: mailId } } })),
  });

export function useRetryMail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (mailId: string) => unwrap(client.POST('/api/v1/mails/{mail_id}/retry', { params: { path: { mail_id: mailId } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mails'] }),
  });
}
