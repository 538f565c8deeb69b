import type { Rows } from '../ports.js';
import { clientRows } from './clients.js';
import { ownAccountRows } from './own-account.js';
import { poolRows } from './pools.js';
import { signInRows } from './sign-in.js';
import { signUpRows } from './sign-up.js';
import { userAdministrationRows } from './user-administration.js';

/** Every operation that is offered, one file a subject; a name without a row is answered as not offered. */
export const offered = {
  ...poolRows,
  ...clientRows,
  ...signUpRows,
  ...userAdministrationRows,
  ...signInRows,
  ...ownAccountRows,
} satisfies Rows;
