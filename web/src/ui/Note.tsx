import { IconAlertCircle, IconBulb, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Note.module.css';

const ICONS = { good: IconCircleCheck, hint: IconBulb, problem: IconAlertCircle };

interface Props {
  tone?: keyof typeof ICONS;
  title?: ReactNode;
  /** A stable code, for tests and support. */
  code?: string | undefined;
  /** With a border of its own, where it does not stand right below what it is about. */
  card?: boolean;
  testId?: string;
  children?: ReactNode;
}

/** A few calm words beside a sign: what is the case and what to do. */
export function Note({ tone = 'problem', title, code, card = false, testId, children }: Props) {
  const Icon = ICONS[tone];
  return (
    <div className={classes.note} data-tone={tone} data-card={card || undefined} data-error={code} data-testid={testId} role={tone === 'problem' ? 'alert' : 'status'}>
      <Icon size={20} stroke={1.6} aria-hidden />
      <div className={classes.words}>
        {title && <b>{title}</b>}
        {children}
      </div>
    </div>
  );
}
