import { useEffect, useState, type ReactNode } from 'react';
import { renewSignIn } from '../api/queries/auth';
import { SessionConnection, type TabMemory } from '../core/session/connection';
import { SessionContext } from './context';

/** Survives a reload, not the tab: another tab must ask for a seat of its own. */
function tabMemory(sessionId: string): TabMemory {
  const name = (key: string) => `viva:${sessionId}:${key}`;
  return {
    get: (key) => sessionStorage.getItem(name(key)),
    set: (key, value) => (value === null ? sessionStorage.removeItem(name(key)) : sessionStorage.setItem(name(key), value)),
  };
}

function openSocket(sessionId: string): WebSocket {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebSocket(`${scheme}://${window.location.host}/api/v1/sessions/${sessionId}/socket`);
}

/** Any answer of the server says that it can be reached; a proxy in front of a stopped one answers with 502. */
async function reach(timeoutMs: number): Promise<boolean> {
  try {
    const response = await fetch('/api/v1/health', { cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) });
    return response.ok;
  } catch {
    return false;
  }
}

interface Props {
  sessionId: string;
  /** Whether the session has a chat. */
  chat: boolean;
  children: ReactNode;
}

/**
 * Keeps one SessionConnection above the pages of a session: the socket, camera and PeerConnections live from the
 * device check to the end.
 */
export function SessionProvider({ sessionId, chat, children }: Props) {
  const [connection] = useState(
    () =>
      new SessionConnection({
        open: () => openSocket(sessionId),
        renew: renewSignIn,
        reach,
        memory: tabMemory(sessionId),
        chat,
        around: { window, document, screen: window.screen as Screen & { isExtended?: boolean } },
      }),
  );

  useEffect(() => {
    const look = () => connection.signalling.retryNow();
    const seen = () => document.visibilityState === 'visible' && look();
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    document.addEventListener('visibilitychange', seen);
    return () => {
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
      document.removeEventListener('visibilitychange', seen);
      connection.dispose();
    };
  }, [connection]);

  return <SessionContext value={connection}>{children}</SessionContext>;
}
