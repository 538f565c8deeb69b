import { refusal, type CallContext, type wire } from '@rollcall/contracts';
import { ClaimTaken, execute, KeyDestroyed, WrongRevision, type Caused, type ClaimChange, type Executed } from '@rollcall/eventing';
import type { DomainError, Sub } from '@rollcall/kernel';

import { changeOfNames, namesOf } from '../domain/names.js';
import type { PoolPolicy } from '../domain/pool-policy.js';
import { userStream } from '../domain/streams.js';
import type { User, UserCommand } from '../domain/user.js';
import { users } from './aggregates.js';
import { namesIn, type ClaimHash } from './claim-hashes.js';
import type { PoolContext } from './contexts.js';
import { userMessage } from './messages.js';
import { loopOf, type Needs } from './needs.js';

/**
 * One change of a user: one append, together with the names that it takes and gives back.
 * @throws {DomainError} `UsernameTaken`, `NameAttributeTaken{kind}` or `AliasTaken{kind}` if somebody else has such a name;
 *   `TooManyRequests` after eight conflicts in a row; the decision's refusal
 */
export async function changeUser(needs: Needs, { poolId, settings }: Pick<PoolContext, 'poolId' | 'settings'>, sub: Sub, command: UserCommand, call: Caused): Promise<Executed<User>> {
  const hash = await needs.hashes.ready();
  const stream = userStream(poolId, sub);
  const claims = (before: User) => claimChange(needs, { hash, poolId, settings, sub, stream, call }, before, command);
  try {
    return await execute(loopOf(needs), users, stream, command, call, { subject: { poolId, sub }, claims });
  } catch (error) {
    if (error instanceof ClaimTaken) throw taken(error.kind, command, settings);
    if (error instanceof WrongRevision) throw refusal('TooManyRequests'); // so many change this user now that the loop gave up
    if (error instanceof KeyDestroyed) throw refusal('PoolNotFound', { poolId }); // purged since it was looked at
    throw error;
  }
}

/** As `changeUser`, for a caller that is told about the user as it is then. */
export async function changedUser(needs: Needs, context: PoolContext, sub: Sub, command: UserCommand, call: CallContext): Promise<wire.directory.User> {
  call.effects.sub = sub;
  const { state, revision } = await changeUser(needs, context, sub, command, call);
  if (state.is === 'live') return userMessage(context.poolId, sub, state, revision);
  // Repeated after the user was deleted: who wants a new user needs a fresh sub.
  throw refusal(command.do === 'sign-up' || command.do === 'create' ? 'UserChangedMeanwhile' : 'UserNotFound');
}

interface Change {
  readonly hash: ClaimHash;
  readonly poolId: string;
  readonly settings: PoolPolicy;
  readonly sub: Sub;
  readonly stream: string;
  readonly call: Caused;
}

function claimChange({ ids }: Needs, { hash, poolId, settings, sub, stream, call }: Change, before: User, command: UserCommand): ClaimChange {
  const after = users.decider.decide(command, before).events.reduce(users.decider.evolve, before);
  const { take, release } = changeOfNames(namesOf(settings, sub, before), namesOf(settings, sub, after));
  return {
    take: take.map(({ kind, value }, n) => ({ ...hash(namesIn(poolId), value), kind, owner: sub, claimId: ids.derive(call.requestKey, `claim ${stream}`, n) })),
    release: release.map(({ value }) => ({ ...hash(namesIn(poolId), value), owner: sub })),
  };
}

function taken(kind: string, { do: what }: UserCommand, { UsernameAttributes }: PoolPolicy): DomainError {
  if (kind === 'sub') return refusal('UserChangedMeanwhile'); // somebody's name: the caller needs a fresh one
  if (kind === 'username') return refusal('UsernameTaken');
  const begins = what === 'sign-up' || what === 'create';
  return refusal(begins && UsernameAttributes.length > 0 ? 'NameAttributeTaken' : 'AliasTaken', { kind });
}
