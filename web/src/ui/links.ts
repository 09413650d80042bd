import type { Me } from '../api/types';
import { common as words } from '../text/common';
import { administers, isStaff, manages } from './roles';

export interface PageLink {
  to: string;
  label: string;
  icon: 'sessions' | 'interviews' | 'questions' | 'policy' | 'people' | 'mails' | 'data' | 'company' | 'audit';
  /** Marked on the pages below it too. */
  within?: boolean;
}

const STAFF: PageLink[] = [{ to: '/sessions', label: words.navSessions, icon: 'sessions', within: true }];

const MANAGERS: PageLink[] = [
  { to: '/interviews', label: words.navInterviews, icon: 'interviews', within: true },
  { to: '/questions', label: words.navQuestions, icon: 'questions', within: true },
  { to: '/policy', label: words.navPolicy, icon: 'policy' },
];

const ADMINS: PageLink[] = [
  { to: '/people', label: words.navPeople, icon: 'people' },
  { to: '/mails', label: words.navMails, icon: 'mails' },
  { to: '/data-rules', label: words.navData, icon: 'data' },
  { to: '/organisation', label: words.navCompany, icon: 'company' },
  { to: '/audit', label: words.navAudit, icon: 'audit' },
];

/** Where somebody on the staff can go, by what they do daily and what they look after. */
export const linksOf = (me: Me): { daily: PageLink[]; admin: PageLink[] } => ({
  daily: [...(isStaff(me) ? STAFF : []), ...(manages(me) ? MANAGERS : [])],
  admin: administers(me) ? ADMINS : [],
});
