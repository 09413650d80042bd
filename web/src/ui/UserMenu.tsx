import { Button, UnstyledButton, useComputedColorScheme, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'react-router';
import { useSignOut } from '../api/queries/auth';
import type { Me } from '../api/types';
import { initials } from '../core/names';
import { text } from '../text';
import classes from './Header.module.css';

function Scheme() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <Button variant="default" onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
      {scheme === 'dark' ? text.common.schemeLight : text.common.schemeDark}
    </Button>
  );
}

function Entries({ me, onChosen }: { me: Me; onChosen: () => void }) {
  const signOut = useSignOut();
  const organisation = me.memberships.find((membership) => membership.role !== 'candidate')?.organisation.name;
  return (
    <div className={classes.dropdown}>
      <p>
        <b>{me.user.full_name}</b>
        {me.user.email}
        {organisation && ` · ${organisation}`}
      </p>
      <Button component={Link} to="/account" variant="default" onClick={onChosen}>
        {text.common.account}
      </Button>
      <Button component={Link} to="/my-data" variant="default" onClick={onChosen} data-testid="my-data">
        {text.common.myData}
      </Button>
      <Scheme />
      <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {text.common.signOut}
      </Button>
    </div>
  );
}

/** Who is signed in, and the way out. A disclosure of its own: a menu library would double what candidates download. */
export function UserMenu({ me, named = false }: { me: Me; named?: boolean }) {
  const [open, setOpen] = useState(false);
  const ref = useClickOutside<HTMLDivElement>(() => setOpen(false));

  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- only listens for Escape from the controls inside
    <div ref={ref} className={classes.menu} data-named={named || undefined} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <UnstyledButton
        aria-expanded={open}
        className={classes.user}
        data-named={named || undefined}
        onClick={() => setOpen(!open)}
        data-testid="user-menu"
      >
        <VisuallyHidden>{text.common.userMenu(me.user.full_name)}</VisuallyHidden>
        <span className={classes.face} aria-hidden="true">
          {initials(me.user.full_name)}
        </span>
        {named && (
          <span className={classes.name} aria-hidden="true">
            {me.user.full_name}
          </span>
        )}
      </UnstyledButton>
      {open && <Entries me={me} onChosen={() => setOpen(false)} />}
    </div>
  );
}
