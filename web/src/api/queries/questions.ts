import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '../client';
import type { ChangeBank, ChangeQuestion, CreateBankQuestion, Difficulty, WriteTemplate } from '../types';

export interface QuestionFilter {
  q: string;
  difficulty: Difficulty | null;
  tag: string | null;
  bank: string | null;
  archived: boolean;
}

const PAGE = 25;
/** Tags, banks and templates are chosen from: more than this many are found by searching. */
const ALL = { params: { query: { limit: 100 } } };
/** What a question is part of changes with it. */
const COLLECTION = ['questions', 'tags', 'banks', 'templates'];

const conditions = (filter: QuestionFilter) => ({
  ...(filter.q && { q: filter.q }),
  ...(filter.difficulty && { difficulty: filter.difficulty }),
  ...(filter.tag && { tag: filter.tag }),
  ...(filter.bank && { bank: filter.bank }),
  ...(filter.archived && { archived: true }),
});

/** Where the browser saves the questions of a filter from. */
export const exportUrl = (filter: QuestionFilter): string =>
  `/api/v1/questions/export?${new URLSearchParams(Object.entries(conditions(filter)).map(([name, value]) => [name, String(value)]))}`;

export const useQuestions = (filter: QuestionFilter, enabled = true) =>
  useInfiniteQuery({
    queryKey: ['questions', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(client.GET('/api/v1/questions', { params: { query: { limit: PAGE, ...conditions(filter), ...(pageParam && { cursor: pageParam }) } } })),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    enabled,
  });

const byName = <T extends { name: string }>({ items }: { items: T[] }): T[] => [...items].sort((a, b) => a.name.localeCompare(b.name));

export const useTags = () => useQuery({ queryKey: ['tags'], queryFn: () => unwrap(client.GET('/api/v1/tags', ALL)), select: byName });

export const useBanks = () => useQuery({ queryKey: ['banks'], queryFn: () => unwrap(client.GET('/api/v1/banks', ALL)), select: byName });

export const useBank = (bankId: string) =>
  useQuery({
    queryKey: ['banks', bankId],
    queryFn: () => unwrap(client.GET('/api/v1/banks/{bank_id}', { params: { path: { bank_id: bankId } } })),
    // Somebody may be reordering what was read.
    refetchOnWindowFocus: false,
  });

export const useTemplates = () => useQuery({ queryKey: ['templates'], queryFn: () => unwrap(client.GET('/api/v1/templates', ALL)), select: ({ items }) => items });

/** A change of the collection; every list of it is read again. */
function useChange<V, T>(change: (given: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(COLLECTION.map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
}

interface Versioned {
  id: string;
  version: number;
}

const ifMatch = ({ version }: Versioned) => ({ 'If-Match': `"${version}"` });

export const useCreateQuestion = () => useChange((body: CreateBankQuestion) => unwrap(client.POST('/api/v1/questions', { body })));

export const useChangeQuestion = () =>
  useChange(({ of, body }: { of: Versioned; body: Partial<ChangeQuestion> }) =>
    unwrap(
      client.PATCH('/api/v1/questions/{question_id}', {
        params: { path: { question_id: of.id }, header: ifMatch(of) },
        body: body as ChangeQuestion,
      }),
    ),
  );

export const useRemoveQuestion = () =>
  useChange((of: Versioned) => unwrap(client.DELETE('/api/v1/questions/{question_id}', { params: { path: { question_id: of.id }, header: ifMatch(of) } })));

export const useImport = () =>
  useChange((body: { csv: string; dry_run: boolean }) => unwrap(client.POST('/api/v1/questions/import', { body })));

export const useRenameTag = () =>
  useChange(({ of, name }: { of: Versioned; name: string }) =>
    unwrap(client.PUT('/api/v1/tags/{tag_id}', { params: { path: { tag_id: of.id }, header: ifMatch(of) }, body: { name } })),
  );

export const useRemoveTag = () =>
  useChange((of: Versioned) => unwrap(client.DELETE('/api/v1/tags/{tag_id}', { params: { path: { tag_id: of.id }, header: ifMatch(of) } })));

export const useCreateBank = () => useChange((name: string) => unwrap(client.POST('/api/v1/banks', { body: { name, question_ids: [] } })));

export const useChangeBank = () =>
  useChange(({ of, body }: { of: Versioned; body: Partial<ChangeBank> }) =>
    unwrap(client.PATCH('/api/v1/banks/{bank_id}', { params: { path: { bank_id: of.id }, header: ifMatch(of) }, body: body as ChangeBank })),
  );

export const useRemoveBank = () =>
  useChange((of: Versioned) => unwrap(client.DELETE('/api/v1/banks/{bank_id}', { params: { path: { bank_id: of.id }, header: ifMatch(of) } })));

export const useSaveTemplate = () =>
  useChange(({ of, body }: { of: Versioned | null; body: WriteTemplate }) =>
    of === null
      ? unwrap(client.POST('/api/v1/templates', { body }))
      : unwrap(client.PUT('/api/v1/templates/{template_id}', { params: { path: { template_id: of.id }, header: ifMatch(of) }, body })),
  );

export const useRemoveTemplate = () =>
  useChange((of: Versioned) => unwrap(client.DELETE('/api/v1/templates/{template_id}', { params: { path: { template_id: of.id }, header: ifMatch(of) } })));

/** One draw of a template; drawing again is refetching. */
export const useDraw = (templateId: string) =>
  useQuery({
    queryKey: ['draw', templateId],
    queryFn: () => unwrap(client.POST('/api/v1/templates/{template_id}/draw', { params: { path: { template_id: templateId } }, body: { seed: null } })),
    refetchOnWindowFocus: false,
    staleTime: 0,
    gcTime: 0,
  });

/** A draw to begin an interview with. */
export const useDrawOnce = () =>
  useMutation({
    mutationFn: (templateId: string) =>
      unwrap(client.POST('/api/v1/templates/{template_id}/draw', { params: { path: { template_id: templateId } }, body: { seed: null } })),
  });
