import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import { meQuery } from './auth';

export const useSignInWays = () =>
  useQuery({ queryKey: ['sign-in-ways'], queryFn: () => unwrap(client.GET('/api/v1/auth/ways')), staleTime: Infinity });

export const useMailVerification = () =>
  useMutation({ mutationFn: (email: string) => unwrap(client.POST('/api/v1/auth/verification', { body: { email } })) });

export function useConfirmAddress() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => unwrap(client.POST('/api/v1/auth/verification/confirm', { body: { token } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

export const useMailReset = () =>
  useMutation({ mutationFn: (email: string) => unwrap(client.POST('/api/v1/auth/password-reset', { body: { email } })) });

export const useResetPassword = () =>
  useMutation({
    mutationFn: (body: { token: string; password: string }) => unwrap(client.POST('/api/v1/auth/password-reset/confirm', { body })),
  });

export const useColleagueInvitation = (token: string) =>
  useQuery({
    queryKey: ['colleague-invitation', token],
    queryFn: () => unwrap(client.POST('/api/v1/auth/colleague-invite', { body: { token } })),
    retry: false,
    staleTime: Infinity,
  });

export function useJoin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { token: string; full_name: string | null; password: string | null }) =>
      unwrap(client.POST('/api/v1/auth/colleague-invite/accept', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

const SIGN_INS = ['sign-ins'];
const TOKENS = ['api-tokens'];

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) => unwrap(client.POST('/api/v1/me/password', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: SIGN_INS }),
  });
}

export const useSignIns = () =>
  useQuery({ queryKey: SIGN_INS, queryFn: () => unwrap(client.GET('/api/v1/me/sign-ins')), select: (list) => list.items });

export function useEndSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/v1/me/sign-ins/{sign_in_id}', { params: { path: { sign_in_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: SIGN_INS }),
  });
}

export const useSignOutEverywhere = () =>
  useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/auth/sign-out-everywhere')),
    onSuccess: () => window.location.assign('/sign-in'),
  });

export const useApiTokens = () =>
  useQuery({ queryKey: TOKENS, queryFn: () => unwrap(client.GET('/api/v1/me/api-tokens')), select: (list) => list.items });

export function useMakeApiToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; scope: 'read' | 'write'; lifetime_days: number }) =>
      unwrap(client.POST('/api/v1/me/api-tokens', { body: { ...body, organisation_id: null } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}

export function useRevokeApiToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE('/api/v1/me/api-tokens/{token_id}', { params: { path: { token_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}
