import { Button, Stack } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { useConfirmAddress } from '../../api/queries/account';
import { account as words } from '../../text/account';
import { CardPage } from '../../ui/CardPage';
import { ErrorNote } from '../../ui/ErrorNote';
import { Note } from '../../ui/Note';
import { mailedToken } from './mailed';

/** Where the link of the first mail leads. A click confirms, since mail scanners open links too. */
export default function VerifyPage() {
  const token = mailedToken(useLocation().hash);
  const confirm = useConfirmAddress();
  return (
    <CardPage title={words.verifyTitle} lead={words.verifyLead}>
      <Stack gap="md">
        <ErrorNote error={confirm.error} />
        {confirm.isSuccess ? (
          <>
            <Note tone="good" card testId="verified">
              {words.verified}
            </Note>
            <Button component={Link} to="/" size="md">
              {words.toStart}
            </Button>
          </>
        ) : (
          <Button size="md" loading={confirm.isPending} onClick={() => confirm.mutate(token)} data-testid="verify">
            {words.verify}
          </Button>
        )}
      </Stack>
    </CardPage>
  );
}
