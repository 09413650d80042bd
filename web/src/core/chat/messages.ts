/** The frames of the chat's data channel (docs/PROTOCOL.md). */
export interface ChatMessage {
  id: string;
  participant_id: string;
  full_name: string;
  text: string;
  sent_at: string;
}

export type ChatFrame =
  | { type: 'history'; messages: ChatMessage[] }
  | ({ type: 'said' } & ChatMessage)
  | { type: 'refused'; id?: string | null; error: string };

export const MAX_TEXT_CHARS = 2_000;

const KNOWN = new Set(['history', 'said', 'refused']);

/** The frame in a text, or null when it is none of ours. */
export function parseChatFrame(data: unknown): ChatFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const value = JSON.parse(data) as ChatFrame | null;
    return value !== null && KNOWN.has(value.type) ? value : null;
  } catch {
    return null;
  }
}
