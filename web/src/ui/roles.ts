import type { Me } from '../api/types';

const MANAGERS = new Set(['super_admin', 'admin', 'recruiter']);

/** Whether the person may set up interviews and policies. */
export const manages = (me: Me): boolean => me.memberships.some((membership) => MANAGERS.has(membership.role));

const ADMINS = new Set(['super_admin', 'admin']);

/** Whether the person looks after the organisation itself. */
export const administers = (me: Me): boolean => me.memberships.some((membership) => ADMINS.has(membership.role));

/** Whether the person belongs to an organisation, and not only is invited by one. */
export const isStaff = (me: Me): boolean => me.memberships.some((membership) => membership.role !== 'candidate');
