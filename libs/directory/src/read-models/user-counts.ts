import { definitionsOf, type Projection } from '@rollcall/eventing';

import { idsIn, USER_STREAMS } from '../domain/streams.js';
import { userEvents, type UserEvent } from '../domain/user.events.js';

export interface UserCountTable {
  add(poolId: string, users: 1 | -1): Promise<void>;
}

/** How many users each pool has, for DescribeUserPool: counting them when asked would take seconds in a large pool. */
export const userCounts: Projection<UserEvent, UserCountTable> = {
  name: 'directory_user_counts',
  version: 1,
  kind: 'cross-stream',
  prefixes: [USER_STREAMS],
  definitions: definitionsOf(userEvents),
  on: {
    'directory.user.signed-up': ({ stream }, counts) => counts.add(idsIn(stream)[0], 1),
    'directory.user.created': ({ stream }, counts) => counts.add(idsIn(stream)[0], 1),
    'directory.user.deleted': ({ stream }, counts) => counts.add(idsIn(stream)[0], -1),
  },
};
