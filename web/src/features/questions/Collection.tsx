import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { questions as words } from '../../text/questions';
import { Page } from '../../ui/Page';
import classes from './questions.module.css';

const TABS = [
  { to: '/questions', label: words.tabs.questions, end: true },
  { to: '/questions/banks', label: words.tabs.banks, end: false },
  { to: '/questions/templates', label: words.tabs.templates, end: false },
];

interface Props {
  title: string;
  lead?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of the collection, with the way to the others. */
export function Collection({ title, lead, actions, children }: Props) {
  return (
    <Page title={title} lead={lead} width={1080} actions={actions}>
      <nav aria-label={words.sections} className={classes.tabs}>
        {TABS.map(({ to, label, end }) => (
          <NavLink key={to} to={to} end={end} className={classes.tab}>
            {label}
          </NavLink>
        ))}
      </nav>
      {children}
    </Page>
  );
}
