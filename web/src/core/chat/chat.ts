import type { ChatFrame, ChatMessage } from './messages';

/** Something one has written that the others have not got yet. */
export interface Draft {
  id: string;
  text: string;
  /** Why it was not taken, null while it is on its way. */
  error: string | null;
}

export interface ChatState {
  messages: readonly ChatMessage[];
  drafts: readonly Draft[];
  /** What others said since the panel was last open. */
  unread: number;
  reading: boolean;
  connected: boolean;
}

export type ChatEvent =
  | { type: 'frame'; frame: ChatFrame; selfId: string | null }
  | { type: 'say'; id: string; text: string }
  | { type: 'retry'; id: string }
  | { type: 'discard'; id: string }
  | { type: 'reading'; reading: boolean }
  | { type: 'connected'; connected: boolean };

export const EMPTY_CHAT: ChatState = { messages: [], drafts: [], unread: 0, reading: false, connected: false };

const amend = (drafts: readonly Draft[], id: string, error: string | null): Draft[] =>
  drafts.map((draft) => (draft.id === id ? { ...draft, error } : draft));

/** The chat after an event; what was written stays until the others have it or its author throws it away. */
export function chatReducer(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case 'frame':
      return framed(state, event.frame, event.selfId);
    case 'say':
      return { ...state, drafts: [...state.drafts, { id: event.id, text: event.text, error: null }] };
    case 'retry':
      return { ...state, drafts: amend(state.drafts, event.id, null) };
    case 'discard':
      return { ...state, drafts: state.drafts.filter((draft) => draft.id !== event.id) };
    case 'reading':
      return { ...state, reading: event.reading, unread: event.reading ? 0 : state.unread };
    case 'connected':
      return { ...state, connected: event.connected };
  }
}

function framed(state: ChatState, frame: ChatFrame, selfId: string | null): ChatState {
  switch (frame.type) {
    case 'history':
      return told(state, frame.messages, selfId);
    case 'said':
      return told(state, [...state.messages, frame], selfId);
    case 'refused': {
      // A frame that could not be read has no id: it can only be the oldest one on its way.
      const id = frame.id ?? state.drafts.find((draft) => draft.error === null)?.id;
      return id ? { ...state, drafts: amend(state.drafts, id, frame.error) } : state;
    }
  }
}

function told(state: ChatState, messages: readonly ChatMessage[], selfId: string | null): ChatState {
  const known = new Set(state.messages.map((message) => message.id));
  const unique = [...new Map(messages.map((message) => [message.id, message])).values()];
  const fresh = unique.filter((message) => !known.has(message.id) && message.participant_id !== selfId).length;
  const ids = new Set(unique.map((message) => message.id));
  return {
    ...state,
    messages: unique,
    drafts: state.drafts.filter((draft) => !ids.has(draft.id)),
    unread: state.reading ? 0 : state.unread + fresh,
  };
}

/** What has to be sent once the channel is open: everything on its way, since the same id is told once only. */
export const unsent = (state: ChatState): readonly Draft[] => state.drafts.filter((draft) => draft.error === null);
