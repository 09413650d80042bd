import { Button, Center, Loader, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconMoodEmpty } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { errorCode } from '../api/errors';
import { text } from '../text';

export function Loading({ label = text.common.loading }: { label?: string }) {
  return (
    <Center mih={240} role="status" aria-live="polite">
      <Stack align="center" gap="md">
        <Loader />
        <Text size="sm" c="dimmed">
          {label}
        </Text>
      </Stack>
    </Center>
  );
}

interface MessageProps {
  title: string;
  hint?: string;
  icon?: ReactNode;
  color?: string;
  /** A stable code, for tests and support. */
  code?: string;
  /** The page says nothing else: this is its heading. */
  alone?: boolean;
  children?: ReactNode;
}

/** One calm message in the middle: an icon, what is the case, what to do. */
export function Message({ title, hint, icon, color = 'gray', code, alone = false, children }: MessageProps) {
  return (
    <Center mih={240} py="xl" px="md" {...(code && { 'data-error': code, role: 'alert' })}>
      <Stack align="center" gap="sm" maw={440} ta="center">
        <ThemeIcon size={56} radius="xl" variant="light" color={color}>
          {icon ?? <IconMoodEmpty size={28} />}
        </ThemeIcon>
        <Title order={alone ? 1 : 2} size="h2">
          {title}
        </Title>
        {hint && <Text c="dimmed">{hint}</Text>}
        {children}
      </Stack>
    </Center>
  );
}

/** Asking again would only be refused again. */
const FINAL = new Set(['not_allowed', 'session_not_found', 'interview_not_found', 'video_not_found']);

/** A failed query, with what to do and a way to try again. */
export function ErrorState({ error, onRetry, alone }: { error: unknown; onRetry?: () => void; alone?: boolean }) {
  const code = errorCode(error);
  return (
    <Message title={text.common.errorTitle} hint={text.errors.byCode(code)} icon={<IconAlertTriangle size={28} />} color="red" code={code} {...(alone && { alone })}>
      {FINAL.has(code) ? (
        <Button component={Link} to="/">
          {text.common.home}
        </Button>
      ) : (
        onRetry && <Button onClick={onRetry}>{text.common.retry}</Button>
      )}
    </Message>
  );
}
