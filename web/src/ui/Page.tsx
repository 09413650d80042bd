import { Container, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { text } from '../text';
import { Header, type HeaderProps } from './Header';
import { OfflineBanner } from './Offline';
import classes from './Page.module.css';
import { VerifyBanner } from './VerifyBanner';

interface ShellProps extends HeaderProps {
  title: string;
  children: ReactNode;
}

/** Header and main region of a page that lays out its own inside. */
export function Shell({ title, quiet, anonymous, children }: ShellProps) {
  useDocumentTitle(`${title} · ${text.common.product}`);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {text.common.skipToContent}
      </a>
      <OfflineBanner />
      <Header quiet={quiet} anonymous={anonymous} />
      {!quiet && !anonymous && <VerifyBanner />}
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

interface PageProps extends ShellProps {
  lead?: string;
  /** Width of the column in pixels. */
  width?: number;
  actions?: ReactNode;
}

/** A page of one column with a title. */
export function Page({ title, lead, width = 960, quiet, actions, children }: PageProps) {
  return (
    <Shell title={title} quiet={quiet}>
      <Container size={width} py={{ base: 'lg', sm: 'xl' }} px="md">
        <Stack gap="lg">
          <Group justify="space-between" align="flex-end" gap="md">
            <div>
              <Title order={1}>{title}</Title>
              {lead && (
                <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {lead}
                </Text>
              )}
            </div>
            {actions}
          </Group>
          {children}
        </Stack>
      </Container>
    </Shell>
  );
}
