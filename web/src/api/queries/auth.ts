import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => unwrap(client.GET('/api/v1/me')),
  staleTime: 5 * 60_000,
  retry: false,
});

export const useMe = () => useQuery(meQuery);

/** Reads who is signed in, which also renews an access cookie that ran out. */
export async function renewSignIn(): Promise<void> {
  await unwrap(client.GET('/api/v1/me'));
}

interface SignUp {
  email: string;
  password: string;
  full_name: string;
  /** Founds an organisation. */
  organisation_name: string | null;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => unwrap(client.POST('/api/v1/auth/sign-in', { body })),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
}

export function useSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SignUp) => unwrap(client.POST('/api/v1/auth/sign-up', { body })),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/auth/sign-out')),
    // A full page load drops every cached answer and every open connection of the person who left.
    onSettled: () => window.location.assign('/sign-in'),
  });
}
