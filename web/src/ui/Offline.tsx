import { useNetwork } from '@mantine/hooks';
import { text } from '../text';
import classes from './Offline.module.css';

/** A strip across the top while the browser has no network. */
export function OfflineBanner() {
  const { online } = useNetwork();
  if (online) return null;
  return (
    <div className={classes.banner} role="status" data-testid="offline-banner">
      {text.common.offline}
    </div>
  );
}
