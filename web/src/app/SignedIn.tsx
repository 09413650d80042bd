import { Navigate, Outlet, useLocation } from 'react-router';
import { ApiError } from '../api/errors';
import { useMe } from '../api/queries/auth';
import { ErrorState, Loading } from '../ui/States';

/** Lets only signed-in people through; others sign in first and come back. */
export function SignedIn() {
  const me = useMe();
  const { pathname, search } = useLocation();
  if (me.data) return <Outlet />;
  if (me.isPending) return <Loading />;
  if (me.error instanceof ApiError && me.error.status === 401) {
    const code = new URLSearchParams(search).get('code');
    const params = new URLSearchParams(code ? { code } : { next: pathname + search });
    return <Navigate to={`/sign-in?${params.toString()}`} replace />;
  }
  return <ErrorState error={me.error} onRetry={() => void me.refetch()} />;
}
