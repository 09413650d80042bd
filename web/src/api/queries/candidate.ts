import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';

const ALL = ['candidate'];
const KEY = [...ALL, 'interviews'];

export const useCandidateInterviews = () =>
  useQuery({ queryKey: KEY, queryFn: () => unwrap(client.GET('/api/v1/candidate/interviews')), select: (list) => list.items });

export const useInvitations = () =>
  useQuery({ queryKey: [...ALL, 'invitations'], queryFn: () => unwrap(client.GET('/api/v1/candidate/invitations')), select: (list) => list.items });

const openSession = (interviewId: string) =>
  unwrap(client.POST('/api/v1/candidate/interviews/{interview_id}/session', { params: { path: { interview_id: interviewId } } }));

/** Accepts an invitation of one's own address and opens its sitting. */
export function useBegin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (inviteId: string) => {
      const begun = await unwrap(client.POST('/api/v1/candidate/invitations/{invite_id}/accept', { params: { path: { invite_id: inviteId } } }));
      return openSession(begun.interview.id);
    },
    // Read again only where it stays on the screen: whoever began is on their way to the next one.
    onSuccess: () => queries.invalidateQueries({ queryKey: ALL, refetchType: 'none' }),
    onError: () => queries.invalidateQueries({ queryKey: ALL }),
  });
}

export function useAddInterview() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => unwrap(client.POST('/api/v1/candidate/interviews', { body: { code } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ALL }),
  });
}

/** Opens the candidate's sitting of an interview, or finds the open one. */
export function useOpenSession() {
  return useMutation({ mutationFn: openSession });
}

/** Takes part in an interview no longer. */
export function useWithdraw() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (interviewId: string) =>
      unwrap(client.POST('/api/v1/candidate/interviews/{interview_id}/withdraw', { params: { path: { interview_id: interviewId } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
