import { Avatar, Button, Paper, Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useSignOut } from '../api/queries/auth';
import type { Me } from '../api/types';
import { text } from '../text';
import classes from './Header.module.css';

/** Who is signed in, and the way out. A disclosure of its own: a menu library would double what candidates download. */
export function UserMenu({ me }: { me: Me }) {
  const [open, setOpen] = useState(false);
  const ref = useClickOutside<HTMLDivElement>(() => setOpen(false));
  const signOut = useSignOut();
  const organisation = me.memberships.find((membership) => membership.role !== 'candidate')?.organisation.name;

  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- only listens for Escape from the controls inside
    <div ref={ref} className={classes.menu} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <UnstyledButton
        aria-expanded={open}
        className={classes.user}
        onClick={() => setOpen(!open)}
        data-testid="user-menu"
      >
        <Avatar name={me.user.full_name} color="viva" radius="xl" size={32} />
        <VisuallyHidden>{text.common.userMenu(me.user.full_name)}</VisuallyHidden>
      </UnstyledButton>
      {open && (
        <Paper withBorder shadow="md" radius="md" p="md" className={classes.dropdown}>
          <Stack gap="md">
            <div>
              <Text size="sm" fw={600}>
                {me.user.full_name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {me.user.email}
              </Text>
              {organisation && (
                <Text size="xs" c="dimmed">
                  {organisation}
                </Text>
              )}
            </div>
            <Button component={Link} to="/account" variant="default" leftSection={<IconUser size={16} />} onClick={() => setOpen(false)}>
              {text.common.account}
            </Button>
            <Button component={Link} to="/my-data" variant="subtle" onClick={() => setOpen(false)} data-testid="my-data">
              {text.common.myData}
            </Button>
            <Button variant="default" leftSection={<IconLogout size={16} />} loading={signOut.isPending} onClick={() => signOut.mutate()}>
              {text.common.signOut}
            </Button>
          </Stack>
        </Paper>
      )}
    </div>
  );
}
