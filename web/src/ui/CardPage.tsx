import type { ReactNode } from 'react';
import classes from './CardPage.module.css';
import { Shell } from './Page';

/** The narrow column in which people sign up and follow mailed links. */
export function CardPage({ title, lead, footer, children }: { title: string; lead: string; footer?: ReactNode; children: ReactNode }) {
  return (
    <Shell title={title} anonymous>
      <div className={classes.middle}>
        <div className={classes.card}>
          <div>
            <h1>{title}</h1>
            <p className={classes.lead}>{lead}</p>
          </div>
          {children}
          {footer && <p className={classes.footer}>{footer}</p>}
        </div>
      </div>
    </Shell>
  );
}
