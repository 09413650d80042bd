import { Navigate } from 'react-router';
import { useMe } from '../api/queries/auth';

/** The start address leads to whatever is the person's start. */
export function Home() {
  const { data: me } = useMe();
  return <Navigate to={me?.landing === 'staff' ? '/sessions' : '/candidates/dashboard'} replace />;
}
