import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useState, type ReactNode } from 'react';
import type { SessionDetail } from '../../api/types';
import { text } from '../../text';
import { OfflineBanner } from '../../ui/Offline';
import classes from './shell.module.css';

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' });
const EVERY_MS = 10_000;

function Clock() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return <time dateTime={now.toISOString()}>{CLOCK.format(now)}</time>;
}

/** The frame of the room for those who ask: whom they talk to, about what, and how late it is. */
export function PanelShell({ title, session, children }: { title: string; session: SessionDetail; children: ReactNode }) {
  useDocumentTitle(`${title} · ${text.common.product}`);
  return (
    <div className={classes.shell}>
      <OfflineBanner />
      <header className={classes.bar}>
        <h1>{session.candidate.full_name}</h1>
        <span>{session.interview.title}</span>
        <Clock />
      </header>
      <main id="main" className={classes.page} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
