import { useDocumentTitle } from '@mantine/hooks';
import { lazy, Suspense, type ReactNode } from 'react';
import { useMe } from '../api/queries/auth';
import type { Me } from '../api/types';
import { text } from '../text';
import { Header, type HeaderProps } from './Header';
import { OfflineBanner } from './Offline';
import classes from './Page.module.css';
import { isStaff } from './roles';
import { VerifyBanner } from './VerifyBanner';

// Candidates never download it.
const Sidebar = lazy(() => import('./Sidebar'));

interface ShellProps extends HeaderProps {
  title: string;
  /** The page needs its width: only signs beside it. */
  rail?: boolean;
  children: ReactNode;
}

function Skip() {
  return (
    <a href="#main" className={classes.skip}>
      {text.common.skipToContent}
    </a>
  );
}

function StaffShell({ me, rail, children }: { me: Me; rail: boolean; children: ReactNode }) {
  return (
    <div className={classes.staff} data-rail={rail || undefined}>
      <Skip />
      <Suspense fallback={<div className={classes.noSide} />}>
        <Sidebar me={me} rail={rail} />
      </Suspense>
      <div className={classes.shell}>
        <OfflineBanner />
        <VerifyBanner />
        <main id="main" className={classes.main} tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}

function SignedInShell({ rail, children }: { rail: boolean; children: ReactNode }) {
  const { data: me } = useMe();
  if (me && isStaff(me)) {
    return (
      <StaffShell me={me} rail={rail}>
        {children}
      </StaffShell>
    );
  }
  return <PlainShell>{children}</PlainShell>;
}

function PlainShell({ quiet = false, anonymous = false, children }: HeaderProps & { children: ReactNode }) {
  return (
    <div className={classes.shell}>
      <Skip />
      <OfflineBanner />
      <Header quiet={quiet} anonymous={anonymous} />
      {!quiet && !anonymous && <VerifyBanner />}
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** Navigation and main region of a page that lays out its own inside. */
export function Shell({ title, quiet = false, anonymous = false, rail = false, children }: ShellProps) {
  useDocumentTitle(`${title} · ${text.common.product}`);
  if (!quiet && !anonymous) return <SignedInShell rail={rail}>{children}</SignedInShell>;
  return (
    <PlainShell quiet={quiet} anonymous={anonymous}>
      {children}
    </PlainShell>
  );
}

interface PageProps extends ShellProps {
  lead?: string;
  /** Width of the column in pixels; tables take what there is. */
  width?: number | 'full';
  actions?: ReactNode;
}

/** A page of one column with a title. */
export function Page({ title, lead, width = 1080, quiet, actions, children }: PageProps) {
  const { data: me } = useMe();
  return (
    <Shell title={title} quiet={quiet}>
      <div className={classes.page} data-staff={(me !== undefined && isStaff(me)) || undefined}>
        <div className={classes.top}>
          <h1>{title}</h1>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        <div className={classes.column} style={width === 'full' ? undefined : { maxWidth: width }}>
          {lead && <p className={classes.lead}>{lead}</p>}
          {children}
        </div>
      </div>
    </Shell>
  );
}
