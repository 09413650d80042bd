import { ActionIcon, Group, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Link, NavLink, useLocation } from 'react-router';
import { useMe } from '../api/queries/auth';
import type { Me } from '../api/types';
import { text } from '../text';
import classes from './Header.module.css';
import { administers, manages } from './roles';
import { UserMenu } from './UserMenu';

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={text.common.schemeToggle}
      onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
    >
      {scheme === 'dark' ? <IconSun size={20} /> : <IconMoon size={20} />}
    </ActionIcon>
  );
}

interface PageLink {
  to: string;
  label: string;
  /** Marked on the pages below it too. */
  within?: boolean;
}

function links(me: Me): PageLink[] {
  const roles = me.memberships.map((membership) => membership.role);
  const staff = roles.some((role) => role !== 'candidate');
  return [
    ...(staff ? [{ to: '/sessions', label: text.common.navSessions }] : []),
    ...(manages(me)
      ? [
          { to: '/interviews', label: text.common.navInterviews, within: true },
          { to: '/questions', label: text.common.navQuestions, within: true },
          { to: '/policy', label: text.common.navPolicy },
        ]
      : []),
    ...(administers(me)
      ? [
          { to: '/people', label: text.common.navPeople },
          { to: '/mails', label: text.common.navMails },
          { to: '/data-rules', label: text.common.navData },
          { to: '/organisation', label: text.common.navCompany },
          { to: '/audit', label: text.common.navAudit },
        ]
      : []),
    ...(!staff ? [{ to: '/candidates/dashboard', label: text.common.navCandidate }] : []),
  ];
}

function Navigation() {
  const { data: me } = useMe();
  const { pathname } = useLocation();
  const ref = useRef<HTMLElement>(null);
  // On a phone the links do not all fit: the page one is on must not be among the hidden ones.
  useEffect(() => {
    ref.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pathname, me]);
  if (!me) return null;
  return (
    <nav ref={ref} aria-label={text.common.navigation} className={classes.nav}>
      {links(me).map((link) => (
        <NavLink key={link.to} to={link.to} className={classes.link} end={!link.within}>
          {link.label}
        </NavLink>
      ))}
    </nav>
  );
}

function Account() {
  const { data: me } = useMe();
  return me ? <UserMenu me={me} /> : null;
}

export interface HeaderProps {
  /** No navigation: an interview is on. */
  quiet?: boolean;
  /** Nobody can be signed in here, so nobody is asked for. */
  anonymous?: boolean;
}

/** The bar at the top of every page. */
export function Header({ quiet = false, anonymous = false }: HeaderProps) {
  return (
    <header className={classes.header}>
      <Group gap="lg" wrap="nowrap" miw={0}>
        <Link to="/" className={classes.brand}>
          <img src="/icon.svg" alt="" width={28} height={28} />
          <Text span fw={700} size="lg" c="var(--mantine-color-text)">
            {text.common.product}
          </Text>
        </Link>
        {!quiet && !anonymous && <Navigation />}
      </Group>
      <Group gap="xs" wrap="nowrap">
        <SchemeToggle />
        {!anonymous && <Account />}
      </Group>
    </header>
  );
}
