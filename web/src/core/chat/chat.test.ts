import { describe, expect, it } from 'vitest';
import { chatReducer, EMPTY_CHAT, unsent, type ChatEvent, type ChatState } from './chat';
import { parseChatFrame, type ChatFrame, type ChatMessage } from './messages';

const message = (id: string, from = 'you'): ChatMessage => ({ id, participant_id: from, full_name: from, text: id, sent_at: '' });
const frame = (value: ChatFrame): ChatEvent => ({ type: 'frame', frame: value, selfId: 'me' });
const said = (id: string, from = 'you') => frame({ type: 'said', ...message(id, from) });
const play = (...events: ChatEvent[]): ChatState => events.reduce(chatReducer, EMPTY_CHAT);

describe('chat', () => {
  it('keeps what was said until it is told', () => {
    const sent = play({ type: 'say', id: 'a', text: 'hello' });
    expect(unsent(sent).map((draft) => draft.text)).toEqual(['hello']);
    const told = chatReducer(sent, said('a', 'me'));
    expect(told.drafts).toEqual([]);
    expect(told.messages.map((item) => item.id)).toEqual(['a']);
  });

  it('shows a refusal beside the text and sends it again only when told to', () => {
    const refused = play({ type: 'say', id: 'a', text: 'x' }, frame({ type: 'refused', id: 'a', error: 'rate_limited' }));
    expect(refused.drafts).toEqual([{ id: 'a', text: 'x', error: 'rate_limited' }]);
    expect(unsent(refused)).toEqual([]);
    expect(unsent(chatReducer(refused, { type: 'retry', id: 'a' }))).toHaveLength(1);
    expect(chatReducer(refused, { type: 'discard', id: 'a' }).drafts).toEqual([]);
  });

  it('takes a refusal without an id for the oldest text on its way', () => {
    const two = play({ type: 'say', id: 'a', text: '1' }, { type: 'say', id: 'b', text: '2' }, frame({ type: 'refused', error: 'bad_message' }));
    expect(two.drafts.map((draft) => draft.error)).toEqual(['bad_message', null]);
  });

  it('counts what others said while nobody looks, once', () => {
    const unseen = play(said('a'), said('a'), said('b', 'me'));
    expect(unseen.unread).toBe(1);
    const seen = chatReducer(unseen, { type: 'reading', reading: true });
    expect(seen.unread).toBe(0);
    expect(chatReducer(seen, said('c')).unread).toBe(0);
  });

  it('takes the history as the whole truth, and counts only what is new in it', () => {
    const away = play(said('a'), { type: 'reading', reading: true }, { type: 'reading', reading: false }, { type: 'say', id: 'm', text: 'm' });
    const back = chatReducer(away, frame({ type: 'history', messages: [message('a'), message('m', 'me'), message('b')] }));
    expect(back.messages.map((item) => item.id)).toEqual(['a', 'm', 'b']);
    expect(back.drafts).toEqual([]);
    expect(back.unread).toBe(1);
  });

  it('ignores what it does not know', () => {
    expect(parseChatFrame('{"type":"weather"}')).toBeNull();
    expect(parseChatFrame('nonsense')).toBeNull();
    expect(parseChatFrame(new ArrayBuffer(2))).toBeNull();
  });
});
