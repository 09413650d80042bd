import { attend } from './text/attend';
import { auth } from './text/auth';
import { candidate } from './text/candidate';
import { common } from './text/common';
import { errors } from './text/errors';
import { events } from './text/events';
import { invitation } from './text/invitation';
import { room } from './text/room';

/**
 * Every string a candidate sees. A translation is another object of this type.
 *
 * What only staff read is imported from its own file in text/, so that candidates do not load it.
 */
export const text = { attend, auth, candidate, common, errors, events, invitation, room };

export type Text = typeof text;
