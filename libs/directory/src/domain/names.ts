import { nameForm } from '@rollcall/kernel';

import type { PoolPolicy } from './pool-policy.js';
import type { User } from './user.js';

export type NameKind = 'sub' | 'username' | 'email' | 'phone_number' | 'preferred_username';

/** A value that means one user of the pool, in the form in which it is unique. */
export interface Name {
  readonly kind: NameKind;
  readonly value: string;
}

/**
 * All values by which the pool accepts this user: the sub and the user's name; in a pool with aliases those that are
 * proved, and a preferred name once the account is confirmed; in a pool that signs in by an address the one typed at the
 * beginning, and another one once it is proved. Nobody else's address is blocked by somebody who merely typed it.
 */
export function namesOf(policy: PoolPolicy, sub: string, user: User): readonly Name[] {
  if (user.is !== 'live') return [];
  const { username, attributes, nameAttribute, status } = user;
  const proved = (kind: 'email' | 'phone_number') => attributes.get(`${kind}_verified`) === 'true';
  const kinds: NameKind[] = [];
  for (const kind of ['email', 'phone_number'] as const) {
    const signsIn = policy.UsernameAttributes.includes(kind) || policy.AliasAttributes.includes(kind);
    if (kind === nameAttribute || (signsIn && proved(kind))) kinds.push(kind);
  }
  if (policy.AliasAttributes.includes('preferred_username') && status !== 'UNCONFIRMED') kinds.push('preferred_username');

  const names: Name[] = [{ kind: 'sub', value: sub }];
  const add = (kind: NameKind, typed: string | undefined) => {
    const value = typed && nameForm(typed, policy.UsernameConfiguration.CaseSensitive);
    if (value && !names.some((name) => name.value === value)) names.push({ kind, value });
  };
  if (username !== sub) add('username', username);
  for (const kind of kinds) add(kind, attributes.get(kind));
  return names;
}

/** What a change of the user takes and gives back. A value that stays the user's, whatever its kind, is left alone. */
export function changeOfNames(before: readonly Name[], after: readonly Name[]): { readonly take: readonly Name[]; readonly release: readonly Name[] } {
  const without = (names: readonly Name[], others: readonly Name[]) => names.filter(({ value }) => !others.some((other) => other.value === value));
  return { take: without(after, before), release: without(before, after) };
}
