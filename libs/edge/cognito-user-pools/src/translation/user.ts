import type { wire } from '@rollcall/contracts';

import type { UserStatusType, UserType } from '../gen/shapes.js';
import { attributesOut } from './attributes.js';

/** What lists and AdminGetUser say of a user beside its attributes. */
export const userFacts = (user: wire.directory.User) => ({
  Username: user.username,
  UserCreateDate: user.createdAt,
  UserLastModifiedDate: user.updatedAt,
  Enabled: user.enabled,
  UserStatus: user.status as UserStatusType,
});

export const userOut = (user: wire.directory.User, shown?: (name: string) => boolean): UserType =>
  ({ ...userFacts(user), Attributes: attributesOut(user, shown) });
