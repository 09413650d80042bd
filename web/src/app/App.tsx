import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { ApiError } from '../api/errors';
import { theme } from '../ui/theme';
import { styleNonce } from '../ui/nonce';
import { PageBoundary } from './PageBoundary';
import { Pages } from './router';

/** A refusal stays a refusal; only a network or server failure is worth another try. */
function worthRetrying(failures: number, error: unknown): boolean {
  if (failures >= 2) return false;
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}

const queries = new QueryClient({
  defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 } },
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <PageBoundary>
          <BrowserRouter>
            <Pages />
          </BrowserRouter>
        </PageBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
