import { useOutletContext } from 'react-router';
import type { Me, SessionDetail } from '../api/types';

/** What the layout of a session hands to its pages. */
export interface SessionOutlet {
  session: SessionDetail;
  me: Me;
  isCandidate: boolean;
  /** Sees and hears the room without taking part. */
  isObserver: boolean;
}

export const useDetail = () => useOutletContext<SessionOutlet>();
