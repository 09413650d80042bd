import {
  IconBuilding,
  IconClipboardList,
  IconDatabase,
  IconDots,
  IconEye,
  IconHistory,
  IconInbox,
  IconMail,
  IconMessageQuestion,
  IconUsers,
} from '@tabler/icons-react';
import { useClickOutside } from '@mantine/hooks';
import { useState } from 'react';
import { Link, NavLink, useLocation } from 'react-router';
import type { Me } from '../api/types';
import { text } from '../text';
import { linksOf, type PageLink } from './links';
import classes from './Sidebar.module.css';
import { UserMenu } from './UserMenu';

const ICONS: Record<PageLink['icon'], typeof IconInbox> = {
  sessions: IconInbox,
  interviews: IconClipboardList,
  questions: IconMessageQuestion,
  policy: IconEye,
  people: IconUsers,
  mails: IconMail,
  data: IconDatabase,
  company: IconBuilding,
  audit: IconHistory,
};

function Links({ links }: { links: PageLink[] }) {
  return links.map(({ to, label, icon, within }) => {
    const Icon = ICONS[icon];
    return (
      <NavLink key={to} to={to} className={classes.link} end={!within} title={label}>
        <Icon size={16} stroke={1.6} aria-hidden />
        <span className={classes.word}>{label}</span>
      </NavLink>
    );
  });
}

/** What administrators look after: below a line beside the page; on a phone, where not all fit, behind a button. */
function Admin({ links }: { links: PageLink[] }) {
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === pathname; // going somewhere closes it
  const ref = useClickOutside<HTMLDivElement>(() => setOpenAt(null));
  const within = links.some(({ to }) => pathname === to);
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- only listens for Escape from the controls inside
    <div ref={ref} className={classes.admin} onKeyDown={(event) => event.key === 'Escape' && setOpenAt(null)}>
      <button type="button" className={classes.more} data-within={within || undefined} aria-expanded={open} onClick={() => setOpenAt(open ? null : pathname)}>
        <IconDots size={16} stroke={1.6} aria-hidden />
        {text.common.navMore}
      </button>
      <div className={classes.sheet} data-open={open || undefined}>
        <p className={classes.label}>{text.common.navAdmin}</p>
        <Links links={links} />
      </div>
    </div>
  );
}

/** Where the staff of an organisation find everything: beside the page, as signs where room is short, below it on a phone. */
export default function Sidebar({ me, rail }: { me: Me; rail: boolean }) {
  const { daily, admin } = linksOf(me);
  const organisation = me.memberships.find((membership) => membership.role !== 'candidate')?.organisation.name ?? text.common.product;
  return (
    <header className={classes.side} data-rail={rail || undefined}>
      <Link to="/" className={classes.organisation} title={organisation}>
        <img src="/icon.svg" alt="" />
        <span className={classes.word}>{organisation}</span>
      </Link>
      <nav className={classes.nav} aria-label={text.common.navigation}>
        <Links links={daily} />
        {admin.length > 0 && <Admin links={admin} />}
      </nav>
      <div className={classes.foot}>
        <UserMenu me={me} named />
      </div>
    </header>
  );
}
