import { refusal, type CallContext, type wire } from '@rollcall/contracts';
import { DomainError, epochSeconds, nameForm } from '@rollcall/kernel';

import { refusalBeforeProof, type Person, type UserStatus } from '../domain/person.js';
import type { ClientContext } from './client-context.js';
import { readCredential } from './credentials.js';
import type { Whom } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';
import type { StoredCredential } from './passwords.js';
import { simulatedUser, type SimulatedUser } from './simulated-user.js';
import { triggerAt } from './triggers.js';

type User = wire.directory.User;
type Needs = Pick<AuthenticationNeeds, 'directory' | 'keys' | 'ids' | 'vault' | 'trigger'>;

/** Who may be signing in: a user, or a name that means nobody and is treated alike. */
export interface Candidate {
  /** As folded for this proof. */
  readonly user: User | undefined;
  readonly whom: Whom;
  /** USER_ID_FOR_SRP. */
  readonly username: string;
  /** What an answer is judged against. */
  readonly stored: StoredCredential;
  /** Whether a right answer counts: `stored` is the user's own. */
  readonly real: boolean;
}

export const personOf = ({ status, enabled, temporaryUntil }: User): Person =>
  ({ status: status as UserStatus, enabled, ...(temporaryUntil === undefined ? {} : { temporaryUntil: epochSeconds(temporaryUntil) }) });

export const attributesOf = ({ attributes }: Pick<User, 'attributes'>): ReadonlyMap<string, string> =>
  new Map(attributes.map(({ name, value }) => [name, value]));

/** Whether an answer is given in the name that its challenge gave out. */
export const sameName = ({ pool }: ClientContext, given: string, username: string): boolean => {
  const form = (name: string) => nameForm(name, pool.UsernameConfiguration.CaseSensitive);
  return form(given) === form(username);
};

/**
 * The candidate that a typed name means, before anything is proved. A sub is no name to sign in by, unless the user is
 * named so.
 *
 * @throws {DomainError} what a client is told before a proof; the refusal of a hook
 */
export async function candidateNamed(needs: Needs, context: ClientContext, typed: string, call: CallContext): Promise<Candidate> {
  const { poolId, pool, client } = context;
  const name = nameForm(typed, pool.UsernameConfiguration.CaseSensitive);
  const find = async (): Promise<User | undefined> => {
    const { user } = await needs.directory.findUser({ poolId, by: { $case: 'name', value: typed } }, call);
    return user && name === user.sub && user.username !== user.sub ? undefined : user;
  };
  const user = await find();
  if (user) call.effects.sub = user.sub;
  const told = refusalBeforeProof(user && personOf(user), client.hidesUnknownUsers);
  if (told) throw told;

  const simulated = await simulatedUser(needs, poolId, pool, name);
  await triggerAt(needs.trigger, 'PreAuthentication_Authentication', { poolId, clientId: context.clientId, username: user?.username ?? simulated.username }, {
    userAttributes: user ? Object.fromEntries(attributesOf(user)) : {},
    validationData: call.clientMetadata,
    ...(user ? {} : { userNotFound: true }),
  }, call);
  const candidate = await withCredential(needs, poolId, user, simulated, name);
  if (candidate.real || user?.credentialId === undefined) return candidate;
  return withCredential(needs, poolId, await find(), simulated, name); // the row has gone since: another password was set
}

/**
 * The candidate of an earlier step, folded anew.
 * @param credentialId what that step was made against; the user's must still be the same
 * @throws {DomainError} `PasswordMismatch` if it is not: the password has been changed since
 */
export async function candidateCarried(
  needs: Needs,
  { poolId, pool, client }: ClientContext,
  { whom, credentialId, sessionGeneration }: { readonly whom: Whom; readonly credentialId: string | undefined; readonly sessionGeneration: number },
  call: CallContext,
): Promise<Candidate> {
  const name = 'sub' in whom ? whom.sub : whom.name;
  const simulated = await simulatedUser(needs, poolId, pool, name);
  const user = await userBySub(needs, poolId, 'sub' in whom ? whom.sub : simulated.sub, call);
  if ('sub' in whom) {
    if (user) call.effects.sub = user.sub;
    const told = refusalBeforeProof(user && personOf(user), client.hidesUnknownUsers);
    if (told) throw told;
    if (user && (user.credentialId !== credentialId || user.sessionGeneration !== sessionGeneration)) throw refusal('PasswordMismatch');
  }
  return withCredential(needs, poolId, user, simulated, name);
}

/** `undefined` where there is no such user: the same read as where there is one. */
export async function userBySub({ directory }: Pick<AuthenticationNeeds, 'directory'>, poolId: string, sub: string, call: CallContext): Promise<User | undefined> {
  try {
    return await directory.getUser({ poolId, by: { $case: 'sub', value: sub } }, call);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'UserNotFound') return undefined;
    throw error;
  }
}

async function withCredential({ vault }: Needs, poolId: string, user: User | undefined, simulated: SimulatedUser, name: string): Promise<Candidate> {
  const { sub, credentialId } = user?.credentialId === undefined ? simulated : { sub: user.sub, credentialId: user.credentialId };
  const stored = await readCredential(vault, { poolId, sub, credentialId });
  return {
    user,
    whom: user ? { sub: user.sub } : { name },
    username: user?.username ?? simulated.username,
    stored: stored ?? simulated.stored,
    real: stored !== undefined,
  };
}
