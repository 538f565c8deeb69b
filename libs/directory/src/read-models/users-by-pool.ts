import { definitionsOf, type Projection, type Recorded } from '@rollcall/eventing';
import type { EpochSeconds } from '@rollcall/kernel';

import { idsIn, USER_STREAMS } from '../domain/streams.js';
import { keysIn, type KeyName } from '../domain/user-search.js';
import type { UserStatus } from '../domain/user.js';
import { userEvents, type AttributeList, type UserEvent } from '../domain/user.events.js';

export interface UserRow {
  readonly poolId: string;
  readonly sub: string;
  readonly username: string;
  readonly attributes: AttributeList;
  readonly status: UserStatus;
  readonly enabled: boolean;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}

/** What the row is found by. */
export type UserKeys = Readonly<Partial<Record<KeyName, string>>>;

export interface UserTable {
  put(row: UserRow, keys: UserKeys): Promise<void>;
  /** Changes what is named, where there is such a row. */
  change(poolId: string, sub: string, to: Readonly<{ status?: UserStatus; enabled?: boolean; updatedAt: EpochSeconds }>): Promise<void>;
  /** Gives attributes new values, and all else of the row stays. */
  set(poolId: string, sub: string, attributes: AttributeList, keys: UserKeys): Promise<void>;
  delete(poolId: string, sub: string): Promise<void>;
}

type Begun = Recorded<Extract<UserEvent, { type: 'directory.user.signed-up' | 'directory.user.created' }>>;

/** Of somebody whose key is destroyed there is nothing to show, and no row to find. */
async function begin({ stream, personal, data: { at } }: Begun, status: UserStatus, users: UserTable): Promise<void> {
  if (!personal) return;
  const [poolId, sub] = idsIn(stream);
  const { username, attributes } = personal;
  const row: UserRow = { poolId, sub, username, attributes, status, enabled: true, createdAt: at, updatedAt: at };
  await users.put(row, keysIn([...attributes, ['username', username]]));
}

/** Which users a pool has, and which of them have a given name, address, status. Holds clear values: a person's row goes with the person. */
export const usersByPool: Projection<UserEvent, UserTable> = {
  name: 'directory_users_by_pool',
  version: 1,
  kind: 'per-stream',
  prefixes: [USER_STREAMS],
  definitions: definitionsOf(userEvents),
  on: {
    'directory.user.signed-up': (event, users) => begin(event, 'UNCONFIRMED', users),
    'directory.user.created': (event, users) => begin(event, 'FORCE_CHANGE_PASSWORD', users),
    'directory.user.confirmed': ({ stream, data: { at } }, users) => users.change(...idsIn(stream), { status: 'CONFIRMED', updatedAt: at }),
    'directory.user.attributes-changed': async ({ stream, personal, data: { at } }, users) => {
      if (personal) await users.set(...idsIn(stream), personal.set, keysIn(personal.set));
      await users.change(...idsIn(stream), { updatedAt: at });
    },
    'directory.user.password-chosen': ({ stream, data: { temporaryUntil, at } }, users) =>
      users.change(...idsIn(stream), { status: temporaryUntil === undefined ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD', updatedAt: at }),
    'directory.user.disabled': ({ stream, data: { at } }, users) => users.change(...idsIn(stream), { enabled: false, updatedAt: at }),
    'directory.user.enabled': ({ stream, data: { at } }, users) => users.change(...idsIn(stream), { enabled: true, updatedAt: at }),
    'directory.user.deleted': ({ stream }, users) => users.delete(...idsIn(stream)),
  },
};
