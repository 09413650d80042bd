import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { ChangePolicy, PolicyInForce, PolicyPresets } from '../types';

// The client widens the tuples of the schema (steps of severity and repetition) to arrays.
const policyOf = (call: Promise<unknown>) => call as Promise<PolicyInForce>;

/** Whose policy: an interview's own, or with null the organisation's. */
type Owner = string | null;

const policyQuery = (interviewId: Owner) =>
  queryOptions({
    queryKey: ['policy', interviewId],
    queryFn: () =>
      policyOf(
        interviewId === null
          ? unwrap(client.GET('/api/v1/proctoring/policy'))
          : unwrap(client.GET('/api/v1/interviews/{interview_id}/proctoring-policy', { params: { path: { interview_id: interviewId } } })),
      ),
    // Somebody is editing what was read; what is newer is told by `stale_version`.
    refetchOnWindowFocus: false,
  });

export const usePolicy = (interviewId: Owner) => useQuery(policyQuery(interviewId));

export const usePresets = () =>
  useQuery({ queryKey: ['policy-presets'], queryFn: () => unwrap(client.GET('/api/v1/proctoring/presets')) as Promise<unknown> as Promise<PolicyPresets>, staleTime: Infinity });

/** Takes over what the server made of it; interviews that follow the organisation are read again. */
function useTakeOver(interviewId: Owner) {
  const queries = useQueryClient();
  return async (policy: PolicyInForce) => {
    queries.setQueryData(policyQuery(interviewId).queryKey, policy);
    await queries.invalidateQueries({ queryKey: ['policy'], predicate: (query) => query.queryKey[1] !== interviewId });
  };
}

export function useSavePolicy(interviewId: Owner) {
  const onSuccess = useTakeOver(interviewId);
  return useMutation({
    mutationFn: (body: ChangePolicy) =>
      policyOf(
        interviewId === null
          ? unwrap(client.PUT('/api/v1/proctoring/policy', { body }))
          : unwrap(client.PUT('/api/v1/interviews/{interview_id}/proctoring-policy', { params: { path: { interview_id: interviewId } }, body })),
      ),
    onSuccess,
  });
}

export function useWithdrawPolicy(interviewId: string) {
  const onSuccess = useTakeOver(interviewId);
  return useMutation({
    mutationFn: (version: number) =>
      policyOf(
        unwrap(
          client.DELETE('/api/v1/interviews/{interview_id}/proctoring-policy', {
            params: { path: { interview_id: interviewId }, query: { version } },
          }),
        ),
      ),
    onSuccess,
  });
}
