import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import { renewSignIn } from './auth';

/** The browser saves the archive by itself, however large: it never passes through this page. */
export function useDownload() {
  return useMutation({
    mutationFn: renewSignIn,
    onSuccess: () => window.location.assign('/api/v1/me/data'),
  });
}

export function useErasure() {
  return useMutation({
    mutationFn: (email: string) => unwrap(client.POST('/api/v1/me/erasure', { body: { email } })),
  });
}
