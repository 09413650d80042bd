import type { StaffRole } from '../../api/types';
import { admin } from '../../text/admin';

const GIVEN: readonly StaffRole[] = ['admin', 'recruiter', 'interviewer', 'reviewer'];

/** The roles an administrator may give, for a choice. */
export const ROLES = GIVEN.map((value) => ({ value, label: admin.roles[value] }));

/** The role if it is one of those, null for any other. */
export const staffRole = (role: string): StaffRole | null => GIVEN.find((given) => given === role) ?? null;
