import { useState } from 'react';
import { usePatchEvent } from '../../api/queries/review';
import type { Verdict } from '../../api/types';
import { lastDecision, withDecision, type Decision } from '../../core/playback/decisions';
import { text } from '../../text';
import { review as words } from '../../text/review';
import type { Desk } from './useDesk';

export interface Deciding {
  /** Decides on the selected incident. */
  set: (verdict: Verdict) => void;
  /** Takes the newest decision of this desk back, whichever incident it was about, and shows that. */
  takeBack: () => void;
  error: unknown;
  /** What taking back did, empty when there is nothing to say. */
  said: string;
}

/** The reviewer's verdicts, and the way back from them. */
export function useDeciding(desk: Desk, sessionId: string): Deciding {
  const patch = usePatchEvent(sessionId);
  const [decisions, setDecisions] = useState<readonly Decision[]>([]);
  const [said, setSaid] = useState('');
  const { selected } = desk;

  const send = (eventId: string, verdict: Verdict) => patch.mutate({ eventId, verdict }, { onError: () => setSaid('') });

  const set = (verdict: Verdict) => {
    setSaid('');
    if (!selected || selected.verdict === verdict) return;
    // One that is refused does not stand, and so is never taken back.
    setDecisions(withDecision(decisions, { eventId: selected.id, from: selected.verdict, to: verdict }));
    send(selected.id, verdict);
  };

  const takeBack = () => {
    const events = desk.placed.map((item) => item.event);
    const last = lastDecision(decisions, events);
    const event = events.find((each) => each.id === last?.decision.eventId);
    if (!last || !event) {
      setSaid(words.nothingToTakeBack);
      return;
    }
    const { from } = last.decision;
    setDecisions(last.rest);
    setSaid(words.takenBack(text.events.label(event.event_type), words.verdict[from]));
    if (event.id !== selected?.id) desk.select(event, false);
    send(event.id, from);
  };

  return { set, takeBack, error: patch.variables?.eventId === selected?.id ? patch.error : null, said };
}
