import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { SessionDetail } from '../types';

const path = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

export const sessionQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ['session', sessionId],
    queryFn: () => unwrap(client.GET('/api/v1/sessions/{session_id}', path(sessionId))),
  });

/** A session; with `always` it is read anew when the page opens, whatever is cached. */
export const useSessionDetail = (sessionId: string, refetchOnMount: 'always' | true = true) =>
  useQuery({ ...sessionQuery(sessionId), refetchOnMount });

export function useGiveConsent(sessionId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { version: string; full_name: string }) =>
      unwrap(client.POST('/api/v1/sessions/{session_id}/consent', { ...path(sessionId), body })),
    onSuccess: (given) =>
      queries.setQueryData(sessionQuery(sessionId).queryKey, (session: SessionDetail | undefined) =>
        session && { ...session, consent: { ...session.consent, given_at: given.given_at } },
      ),
  });
}

export function useWithdrawConsent(sessionId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/sessions/{session_id}/consent', path(sessionId))),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session', sessionId] }),
  });
}

export function useEndSession(sessionId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/sessions/{session_id}/end', path(sessionId))),
    onSuccess: (session) => queries.setQueryData(sessionQuery(sessionId).queryKey, session),
  });
}

/** Chooses which take of an answer counts. */
export function useSelectTake(sessionId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (videoId: string) => unwrap(client.POST('/api/v1/videos/{video_id}/select', { params: { path: { video_id: videoId } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session', sessionId] }),
  });
}
