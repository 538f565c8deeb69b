import { refusal, type CallContext, type wire } from '@rollcall/contracts';
import { nameForm } from '@rollcall/kernel';

import type { ClientContext } from './client-context.js';
import { personKey } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';
import { simulatedUser, type SimulatedUser } from './simulated-user.js';

/** Whom a code is for, or who stands in for somebody who does not exist. */
export interface CodeOwner {
  readonly user: wire.directory.User | undefined;
  readonly simulated: SimulatedUser;
  /** Keyed hash, for budgets. */
  readonly person: string;
}

/** @throws {DomainError} `UserNotFound`, of a client that does not hide unknown users */
export async function codeOwner(
  needs: Pick<AuthenticationNeeds, 'directory' | 'keys' | 'ids'>,
  { poolId, pool, client }: ClientContext,
  typed: string,
  call: CallContext,
): Promise<CodeOwner> {
  const { user } = await needs.directory.findUser({ poolId, by: { $case: 'name', value: typed } }, call);
  if (user) call.effects.sub = user.sub;
  if (!user && !client.hidesUnknownUsers) throw refusal('UserNotFound');
  const name = nameForm(typed, pool.UsernameConfiguration.CaseSensitive);
  return { user, simulated: await simulatedUser(needs, poolId, pool, name), person: await personKey(needs.keys, poolId, user ? { sub: user.sub } : { name }) };
}
