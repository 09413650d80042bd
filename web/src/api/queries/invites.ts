import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';

const LIFETIME_DAYS = 14;

const INVITES = '/api/v1/interviews/{interview_id}/invites' as const;
const invitesKey = (interviewId: string) => ['interviews', interviewId, 'invites'];

/** What would become of each line; nothing is sent. */
export const useListPreview = (interviewId: string, pasted: string) =>
  useQuery({
    queryKey: [...invitesKey(interviewId), 'preview', pasted],
    queryFn: ({ signal }) =>
      unwrap(client.POST(`${INVITES}/preview`, { params: { path: { interview_id: interviewId } }, body: { text: pasted }, signal })),
    enabled: pasted.trim() !== '',
    retry: false,
    placeholderData: (previous) => (pasted.trim() === '' ? undefined : previous),
  });

function useChange<Given, Told>(mutationFn: (given: Given) => Promise<Told>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => Promise.all(['interviews', 'dashboard'].map((name) => queries.invalidateQueries({ queryKey: [name] }))) });
}

export const useInvite = (interviewId: string) =>
  useChange(({ pasted, key }: { pasted: string; key: string }) =>
    unwrap(
      client.POST(INVITES, {
        params: { path: { interview_id: interviewId }, header: { 'Idempotency-Key': key } },
        body: { text: pasted, emails: null, expires_in_days: LIFETIME_DAYS },
      }),
    ),
  );

export const useResend = (interviewId: string) =>
  useChange((inviteId: string) =>
    unwrap(client.POST(`${INVITES}/{invite_id}/resend`, { params: { path: { interview_id: interviewId, invite_id: inviteId } } })),
  );

export const useRevoke = (interviewId: string) =>
  useChange((inviteId: string) =>
    unwrap(client.POST(`${INVITES}/{invite_id}/revoke`, { params: { path: { interview_id: interviewId, invite_id: inviteId } } })),
  );

/** What a mail's link leads to, before signing in. */
export const useInvitation = (token: string) =>
  useQuery({
    queryKey: ['invitation', token],
    queryFn: () => unwrap(client.POST('/api/v1/invitations/look', { body: { token } })),
    staleTime: Infinity,
  });
