import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { listenLive } from '../../core/live/liveSocket';
import { oneAtATime } from '../../core/time/oneAtATime';
import { client, unwrap } from '../client';
import type { ChangeInterview, CreateInterview, DashboardRow, InvitedPerson } from '../types';
import { renewSignIn } from './auth';

const PAGE = 25;
const PEOPLE_PAGE = 50;
/** Mails leave within seconds; while some are on their way the list is read again. */
const UNDERWAY_REFRESH_MS = 3_000;
/** Many may answer at once; lists are read again at most this often. */
const REREAD_GAP_MS = 1_000;

const ONE = '/api/v1/interviews/{interview_id}' as const;

export interface DashboardFilter {
  q: string;
  status: DashboardRow['status'] | null;
  kind: DashboardRow['kind'] | null;
}

export interface PeopleFilter {
  q: string;
  state: InvitedPerson['state'] | null;
}

interface Versioned {
  id: string;
  version: number;
}

const at = (interviewId: string) => ({ path: { interview_id: interviewId } });
const of = ({ id, version }: Versioned) => ({ ...at(id), header: { 'If-Match': `"${version}"` } });

export const useDashboard = (filter: DashboardFilter) =>
  useInfiniteQuery({
    queryKey: ['dashboard', 'interviews', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET('/api/v1/dashboard/interviews', {
          params: {
            query: {
              limit: PAGE,
              ...(filter.q && { q: filter.q }),
              ...(filter.status && { status: filter.status }),
              ...(filter.kind && { kind: filter.kind }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

export const useFunnel = (interviewId: string) =>
  useQuery({
    queryKey: ['dashboard', 'one', interviewId],
    queryFn: () => unwrap(client.GET('/api/v1/dashboard/interviews/{interview_id}', { params: at(interviewId) })),
    select: (row) => row.funnel,
  });

export const useWeeks = (interviewId: string | null) =>
  useQuery({
    queryKey: ['dashboard', 'weeks', interviewId],
    queryFn: () => unwrap(client.GET('/api/v1/dashboard/weeks', { params: { query: { ...(interviewId && { interview_id: interviewId }) } } })),
    select: ({ items }) => items,
  });

export const useInterview = (interviewId: string, enabled = true) =>
  useQuery({
    queryKey: ['interviews', interviewId, 'one'],
    queryFn: () => unwrap(client.GET(ONE, { params: at(interviewId) })),
    // Somebody may be changing what was read.
    refetchOnWindowFocus: false,
    enabled,
  });

const conditions = (filter: PeopleFilter) => ({ ...(filter.q && { q: filter.q }), ...(filter.state && { state: filter.state }) });

/** Where the browser saves the people of a filter from. */
export const peopleUrl = (interviewId: string, filter: PeopleFilter): string =>
  `/api/v1/interviews/${interviewId}/people/export?${new URLSearchParams(conditions(filter))}`;

export const useInvitedPeople = (interviewId: string, filter: PeopleFilter) =>
  useInfiniteQuery({
    queryKey: ['interviews', interviewId, 'people', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET(`${ONE}/people`, {
          params: { ...at(interviewId), query: { limit: PEOPLE_PAGE, ...conditions(filter), ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some((one) => one.delivery === 'queued')) ? UNDERWAY_REFRESH_MS : false,
  });

/** A change of interviews; every list of them is read again. */
function useChange<V, T>(change: (given: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(['interviews', 'dashboard'].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
}

/** A key of the caller's own makes a create that is sent twice happen once. */
export const useCreateInterview = () =>
  useChange(({ body, key }: { body: CreateInterview; key: string }) =>
    unwrap(client.POST('/api/v1/interviews', { body, params: { header: { 'Idempotency-Key': key } } })),
  );

export const useChangeInterview = () =>
  useChange(({ interview, body }: { interview: Versioned; body: Partial<ChangeInterview> }) =>
    unwrap(client.PATCH(ONE, { params: of(interview), body: body as ChangeInterview })),
  );

export type Move = 'activate' | 'pause' | 'close';

export const useMoveInterview = () =>
  useChange(({ interview, move }: { interview: Versioned; move: Move }) => unwrap(client.POST(`${ONE}/${move}`, { params: of(interview) })));

export const useDuplicateInterview = () => useChange((interviewId: string) => unwrap(client.POST(`${ONE}/duplicate`, { params: at(interviewId) })));

/** Reads lists of people again whenever somebody's state changes; says whether it is connected. */
export function useLivePeople(): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    const reread = oneAtATime(
      () =>
        Promise.all([
          queries.invalidateQueries({ queryKey: ['dashboard'] }),
          queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'interviews' && queryKey[2] === 'people' }),
        ]),
      REREAD_GAP_MS,
    );
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    const stop = listenLive({
      open: () => new WebSocket(`${scheme}://${window.location.host}/api/v1/dashboard/live`),
      renew: renewSignIn,
      onConnected: setConnected,
      onReconnected: reread,
      onMessage: reread,
    });
    return () => {
      stop();
      reread.cancel();
    };
  }, [queries]);

  return connected;
}
