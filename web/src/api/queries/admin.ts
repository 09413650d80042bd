import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { StaffRole } from '../types';

const MEMBERS = ['members'];
const INVITES = ['colleague-invites'];

export const useMembers = (search: string) =>
  useInfiniteQuery({
    queryKey: [...MEMBERS, search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(client.GET('/api/v1/members', { params: { query: { ...(search && { search }), ...(pageParam && { cursor: pageParam }) } } })),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

export function useChangeMember() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: string; role?: StaffRole; is_active?: boolean }) =>
      unwrap(
        client.PATCH('/api/v1/members/{member_id}', {
          params: { path: { member_id: id } },
          body: { role: change.role ?? null, is_active: change.is_active ?? null },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: MEMBERS }),
  });
}

export const useColleagueInvites = () =>
  useQuery({ queryKey: INVITES, queryFn: () => unwrap(client.GET('/api/v1/members/invites')), select: (list) => list.items });

export function useInviteColleague() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; role: StaffRole }) => unwrap(client.POST('/api/v1/members/invites', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: INVITES }),
  });
}

export function useWithdrawInvite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.DELETE('/api/v1/members/invites/{colleague_invite_id}', { params: { path: { colleague_invite_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: INVITES }),
  });
}

export interface AuditFilter {
  action: string;
  actor: string | null;
  /** Days as the browser's date fields write them. */
  since: string;
  until: string;
}

/** The first moment of a day in the viewer's zone, days later; null for no day. */
const startOf = (day: string, later = 0): string | null => {
  if (!day) return null;
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
};

export const useAudit = (filter: AuditFilter) =>
  useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const since = startOf(filter.since);
      const until = startOf(filter.until, 1);
      const query = {
        ...(filter.action && { action: filter.action }),
        ...(filter.actor && { actor_id: filter.actor }),
        ...(since && { since }),
        ...(until && { until }),
        ...(pageParam && { cursor: pageParam }),
      };
      return unwrap(client.GET('/api/v1/audit', { params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
