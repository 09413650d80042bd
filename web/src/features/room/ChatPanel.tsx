import { ActionIcon, Button, CloseButton, Group, Text, Title } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Draft } from '../../core/chat/chat';
import { MAX_TEXT_CHARS, type ChatMessage } from '../../core/chat/messages';
import { useChat, useConnection, useRoom } from '../../session/context';
import { text } from '../../text';
import classes from './chat.module.css';

const words = text.room.chat;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const WARN_BELOW_CHARS = 200;
/** Who has scrolled further up than this reads something older and is not torn away from it. */
const NEAR_END_PX = 80;

function Message({ message, own }: { message: ChatMessage; own: boolean }) {
  return (
    <li className={classes.message} data-own={own || undefined} data-testid="chat-message">
      <Text size="xs" c="dimmed">
        {own ? words.you : message.full_name} · <time dateTime={message.sent_at}>{clock.format(new Date(message.sent_at))}</time>
      </Text>
      <div className={classes.bubble}>{message.text}</div>
    </li>
  );
}

function Unsent({ draft, connected }: { draft: Draft; connected: boolean }) {
  const { chat } = useConnection();
  return (
    <li className={classes.message} data-own data-testid="chat-draft" data-error={draft.error ?? undefined}>
      <div className={classes.bubble} data-unsent>
        {draft.text}
      </div>
      {draft.error === null ? (
        <Text size="xs" c="dimmed">
          {connected ? words.sending : words.waiting}
        </Text>
      ) : (
        <div className={classes.refused} role="alert">
          <Text size="xs" c="var(--viva-danger)">
            {text.errors.byCode(draft.error)}
          </Text>
          <Group gap="xs">
            <Button size="compact-xs" variant="default" onClick={() => chat.sayAgain(draft.id)} data-testid="chat-again">
              {words.again}
            </Button>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => chat.discard(draft.id)}>
              {words.discard}
            </Button>
          </Group>
        </div>
      )}
    </li>
  );
}

/** The messages, oldest first; stays at the end unless its reader has scrolled up. */
function Log({ children, size }: { children: ReactNode; size: number }) {
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const element = ref.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [size]);
  return (
    <div
      ref={ref}
      className={classes.log}
      role="log"
      aria-live="polite"
      aria-label={words.title}
      onScroll={({ currentTarget: log }) => (atEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX)}
    >
      {children}
    </div>
  );
}

function Composer() {
  const { chat } = useConnection();
  const [value, setValue] = useState('');
  const ref = useRef<HTMLTextAreaElement>(null);
  const left = MAX_TEXT_CHARS - value.length;
  const empty = value.trim() === '';

  useEffect(() => ref.current?.focus(), []);

  const send = () => {
    if (empty) return;
    chat.say(value.trim());
    setValue('');
    ref.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter only accepts its suggestion.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={classes.composer}>
      <textarea
        ref={ref}
        className={classes.input}
        rows={1}
        maxLength={MAX_TEXT_CHARS}
        value={value}
        placeholder={words.write}
        aria-label={words.write}
        aria-describedby="chat-hint"
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-testid="chat-input"
      />
      <ActionIcon size={44} disabled={empty} onClick={send} aria-label={words.send} data-testid="chat-send">
        <IconSend size={20} />
      </ActionIcon>
      <Text size="xs" c="dimmed" id="chat-hint" className={classes.hint}>
        {left < WARN_BELOW_CHARS ? words.left(left) : words.hint}
      </Text>
    </div>
  );
}

/** Tells interviewers whether the candidate reads along. */
function Audience({ candidateName }: { candidateName: string }) {
  const { participants, role } = useRoom();
  const reads = participants.some((person) => person.role === 'candidate' && person.place === 'in_room');
  if (role === 'candidate') return null;
  return (
    <Text size="xs" className={classes.audience} data-private={!reads || undefined} role="status">
      {reads ? words.readByCandidate(candidateName) : words.private(candidateName)}
    </Text>
  );
}

interface Props {
  candidateName: string;
  onClose: () => void;
}

/** The chat of the room: beside the pictures, over them on a phone. */
export default function ChatPanel({ candidateName, onClose }: Props) {
  const { chat } = useConnection();
  const { messages, drafts, connected } = useChat();
  const { selfId, role } = useRoom();
  const refusals = drafts.filter((draft) => draft.error !== null).length;

  useEffect(() => {
    chat.read(true);
    return () => chat.read(false);
  }, [chat]);

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only listens for Escape from the controls inside
    <aside
      className={classes.chat}
      aria-label={words.title}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      data-testid="chat"
      data-connected={connected}
    >
      <div className={classes.head}>
        <Title order={3}>{words.title}</Title>
        <CloseButton size="lg" aria-label={words.close} onClick={onClose} data-testid="chat-close" />
      </div>
      <Log size={messages.length + drafts.length + refusals}>
        <Text size="xs" c="dimmed" ta="center" pb="md">
          {words.notKept}
        </Text>
        {messages.length + drafts.length === 0 && (
          <Text size="sm" c="dimmed" ta="center">
            {words.empty}
          </Text>
        )}
        <ul className={classes.messages}>
          {messages.map((message) => (
            <Message key={message.id} message={message} own={message.participant_id === selfId} />
          ))}
          {drafts.map((draft) => (
            <Unsent key={draft.id} draft={draft} connected={connected} />
          ))}
        </ul>
      </Log>
      <Audience candidateName={candidateName} />
      {role === 'observer' ? (
        <Text size="sm" c="dimmed">
          {words.readOnly}
        </Text>
      ) : (
        <Composer />
      )}
    </aside>
  );
}
