import {
  IconBuilding,
  IconClipboardList,
  IconDatabase,
  IconEye,
  IconHistory,
  IconInbox,
  IconMail,
  IconMessageQuestion,
  IconUsers,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
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

/** Where the staff of an organisation find everything: beside the page, as signs where room is short, below it on a phone. */
export default function Sidebar({ me, rail }: { me: Me; rail: boolean }) {
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  const { daily, admin } = linksOf(me);
  const organisation = me.memberships.find((membership) => membership.role !== 'candidate')?.organisation.name ?? text.common.product;
  // On a phone the links do not all fit: the page one is on must not be among the hidden ones.
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pathname]);
  return (
    <header className={classes.side} data-rail={rail || undefined}>
      <Link to="/" className={classes.organisation} title={organisation}>
        <img src="/icon.svg" alt="" />
        <span className={classes.word}>{organisation}</span>
      </Link>
      <nav ref={nav} className={classes.nav} aria-label={text.common.navigation}>
        <Links links={daily} />
        {admin.length > 0 && <p className={classes.label}>{text.common.navAdmin}</p>}
        <Links links={admin} />
      </nav>
      <div className={classes.foot}>
        <UserMenu me={me} named />
      </div>
    </header>
  );
}
