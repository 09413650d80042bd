import { createContext, useContext, useSyncExternalStore } from 'react';
import type { SessionConnection } from '../core/session/connection';
import type { Store } from '../core/store';

export const SessionContext = createContext<SessionConnection | null>(null);

export function useConnection(): SessionConnection {
  const connection = useContext(SessionContext);
  if (!connection) throw new Error('useConnection outside a SessionProvider');
  return connection;
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);

export const useRoom = () => useStore(useConnection().room);
export const useConnectionState = () => useStore(useConnection().state);
export const useCaptured = () => useStore(useConnection().captured);
export const useMuted = () => useStore(useConnection().muted);
export const useRttMs = () => useStore(useConnection().rttMs);
export const useRemoteStreams = () => useStore(useConnection().media.remote);
export const useChat = () => useStore(useConnection().chat.state);
export const useSharedScreen = () => useStore(useConnection().screen);
export const usePublishing = () => useStore(useConnection().media.camera.state);

/** The local camera and microphone, null while they are off. */
export function useLocalStream(): MediaStream | null {
  const captured = useCaptured();
  return captured.phase === 'on' ? captured.stream : null;
}
