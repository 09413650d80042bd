import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { components } from '../generated/schema';

type SetDataRules = components['schemas']['SetDataRules'];
export type DataRules = components['schemas']['DataRules'];

const KEY = ['data-rules'];

export const useDataRules = () => useQuery({ queryKey: KEY, queryFn: () => unwrap(client.GET('/api/v1/organisation/data-rules')) });

export function useSetDataRules() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SetDataRules) => unwrap(client.PUT('/api/v1/organisation/data-rules', { body })),
    onSuccess: (rules) => queries.setQueryData(KEY, rules),
  });
}

/** How many sessions would be deleted if things were kept for so many days; asked only while `days` is given. */
export const useExpired = (days: number | null) =>
  useQuery({
    queryKey: [...KEY, 'expired', days],
    enabled: days !== null,
    queryFn: () => unwrap(client.GET('/api/v1/organisation/data-rules/expired', { params: { query: { days: days ?? 1 } } })),
  });
