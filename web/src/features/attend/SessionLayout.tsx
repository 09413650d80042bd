import { Navigate, Outlet, useLocation, useParams } from 'react-router';
import { Suspense, useEffect } from 'react';
import { useMe } from '../../api/queries/auth';
import { useSessionDetail } from '../../api/queries/session';
import type { Me, SessionDetail } from '../../api/types';
import { redirectFrom, type SessionPage } from '../../core/session/gate';
import { useConnection, useConnectionState, useRoom } from '../../session/context';
import { SessionProvider } from '../../session/SessionProvider';
import type { SessionOutlet } from '../../session/useDetail';
import { text } from '../../text';
import { Shell } from '../../ui/Page';
import { ErrorState, Loading } from '../../ui/States';
import { ClosedPage } from './ClosedPage';

function usePage(): SessionPage {
  const last = useLocation().pathname.split('/').filter(Boolean).at(-1);
  return (last ?? 'consent') as SessionPage;
}

const onPanel = (session: SessionDetail, me: Me): boolean =>
  session.my_role === 'interviewer' || session.interviewers.some((person) => person.id === me.user.id);

function Pages({ session, me, refresh }: { session: SessionDetail; me: Me; refresh: () => void }) {
  const page = usePage();
  const connection = useConnection();
  const state = useConnectionState();
  const { entered, waiting, ended } = useRoom();
  const isCandidate = session.my_role === 'candidate';
  const over = ended !== null || (state.phase === 'closed' && state.error === 'session_ended');

  useEffect(() => {
    if (over) refresh();
  }, [over, refresh]);

  const inSitting = isCandidate && session.consent.given_at !== null && (entered || waiting) && !over;
  const types = session.consent.event_types.join(' ');
  useEffect(() => {
    if (!inSitting) return;
    connection.watch.start(types.split(' '));
    return () => connection.watch.stop();
  }, [connection, inSitting, types]);

  const base = `/sessions/${session.id}`;
  if (!isCandidate && !onPanel(session, me)) return <Navigate to={`${base}/review`} replace />;
  if (over && page !== 'done') return <Navigate to={`${base}/done`} replace />;
  const target = redirectFrom(page, session, { isCandidate, entered: entered || waiting || connection.wantsRoom });
  if (target) return <Navigate to={`${base}/${target}`} replace />;
  if (page !== 'done' && page !== 'consent' && state.phase === 'closed' && state.error !== null) {
    return <ClosedPage error={state.error} title={session.interview.title} isCandidate={isCandidate} />;
  }
  const isObserver = session.interviewers.some((person) => person.id === me.user.id && person.panel_role === 'observer');
  const outlet: SessionOutlet = { session, me, isCandidate, isObserver };
  return (
    <Suspense fallback={<Loading />}>
      <Outlet context={outlet} />
    </Suspense>
  );
}

/** Loads a session, keeps its connection above its pages and sends each visitor to the page they belong on. */
export default function SessionLayout() {
  const { sessionId = '' } = useParams();
  const session = useSessionDetail(sessionId);
  const { data: me } = useMe();
  const { refetch } = session;

  if (session.isError && !session.data) {
    return (
      <Shell title={text.common.errorTitle}>
        <ErrorState error={session.error} onRetry={() => void refetch()} />
      </Shell>
    );
  }
  if (!session.data || !me) return <Loading />;
  return (
    <SessionProvider key={sessionId} sessionId={sessionId} chat={session.data.kind !== 'one_way'}>
      <Pages session={session.data} me={me} refresh={refetch} />
    </SessionProvider>
  );
}
