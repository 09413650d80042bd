import { Anchor } from '@mantine/core';
import { useMailVerification } from '../api/queries/account';
import { useMe } from '../api/queries/auth';
import { text } from '../text';
import { ErrorNote } from './ErrorNote';
import classes from './Offline.module.css';

const words = text.common;

/** Reminds of the mail with which the address is confirmed. */
export function VerifyBanner() {
  const { data: me } = useMe();
  const mail = useMailVerification();
  if (!me || me.user.is_verified) return null;
  return (
    <div className={classes.banner} role="status" data-testid="verify-banner">
      {mail.isSuccess ? words.sentAgain : words.unverified(me.user.email)}{' '}
      {mail.isIdle && (
        <Anchor component="button" type="button" c="inherit" underline="always" onClick={() => mail.mutate(me.user.email)}>
          {words.sendAgain}
        </Anchor>
      )}
      <ErrorNote error={mail.error} />
    </div>
  );
}
