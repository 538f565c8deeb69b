import { refusal, type CallContext, type wire } from '@rollcall/contracts';
import { load, type Revision } from '@rollcall/eventing';
import { isUuid, nameForm, type Sub } from '@rollcall/kernel';

import { userStream } from '../domain/streams.js';
import type { LiveUser } from '../domain/user.js';
import { users } from './aggregates.js';
import { namesIn } from './claim-hashes.js';
import type { PoolContext } from './contexts.js';
import type { Needs } from './needs.js';

export interface Found {
  readonly sub: Sub;
  readonly user: LiveUser;
  readonly revision: Revision;
}

/**
 * Whom a sub or a name means. A name costs one look-up of a claim, one read of a stream and, now and then, one look for a
 * person's key, whether it means anybody or not (K1): for nobody, of a stream and a key that do not exist.
 */
export async function findUser(needs: Needs, context: PoolContext, by: wire.directory.UserRef['by'], call: CallContext): Promise<Found | undefined> {
  const sub = by?.$case === 'name' ? await subOfName(needs, context, by.value) : by?.value;
  if (sub === undefined || !isUuid(sub)) return undefined;
  const { state, revision } = await load(needs.store, users, userStream(context.poolId, sub as Sub));
  if (state.is !== 'live') {
    await needs.sealing.pretend({ poolId: context.poolId, sub });
    return undefined;
  }
  call.effects.sub = sub;
  return { sub: sub as Sub, user: state, revision };
}

/** @throws {DomainError} `UserNotFound` */
export async function existingUser(needs: Needs, context: PoolContext, by: wire.directory.UserRef['by'], call: CallContext): Promise<Found> {
  const found = await findUser(needs, context, by, call);
  if (!found) throw refusal('UserNotFound');
  return found;
}

async function subOfName({ hashes, claims }: Needs, { poolId, settings }: PoolContext, name: string): Promise<string> {
  const hash = await hashes.ready();
  const key = hash(namesIn(poolId), nameForm(name, settings.UsernameConfiguration.CaseSensitive));
  const claim = await claims.find(key);
  return claim?.owner ?? decoyOf(key.valueHash);
}

/** A sub that nobody has, the same for a name each time. */
const decoyOf = (valueHash: string): string => valueHash.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-0$3-0$4-$5');
