import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';

const KEY = ['branding'];

export const useBranding = () => useQuery({ queryKey: KEY, queryFn: () => unwrap(client.GET('/api/v1/organisation/branding')) });

export function useSetBranding() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (accentColor: string | null) => unwrap(client.PUT('/api/v1/organisation/branding', { body: { accent_color: accentColor } })),
    onSuccess: (branding) => queries.setQueryData(KEY, branding),
  });
}
