import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Shell } from './Page';
import classes from './CardPage.module.css';

/** The narrow card in which people sign in, sign up and follow mailed links. */
export function CardPage({ title, lead, footer, children }: { title: string; lead: string; footer?: ReactNode; children: ReactNode }) {
  return (
    <Shell title={title} anonymous>
      <div className={classes.middle}>
        <Paper className={classes.card} withBorder p={{ base: 'lg', sm: 32 }} radius="lg">
          <Stack gap="lg">
            <div>
              <Title order={1}>{title}</Title>
              <Text c="dimmed">{lead}</Text>
            </div>
            {children}
            {footer && (
              <Text size="sm" ta="center" c="dimmed">
                {footer}
              </Text>
            )}
          </Stack>
        </Paper>
      </div>
    </Shell>
  );
}
