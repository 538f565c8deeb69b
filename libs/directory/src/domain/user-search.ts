import { DomainError, nameForm } from '@rollcall/kernel';

import type { AttributeList } from './user.events.js';
import type { UserStatus } from './user.js';

/** What users can be searched by besides sub, status and enabled. */
const keyNames = ['username', 'email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'] as const;
export type KeyName = (typeof keyNames)[number];

/** Keys are kept so long: an index entry must stay below a third of a page. Longer values are found by filters of no more than that. */
export const KEY_CHARACTERS = 256;

/** A text range from `from`, up to but not including `below` (absent: to the end), by code points. */
export interface TextRange {
  readonly from: string;
  readonly below: string | undefined;
}

/** Which users are wanted: what a filter means. */
export type UserCriterion = Readonly<
  | { is: 'everybody' }
  | { is: 'nobody' }
  | { is: 'status'; status: UserStatus }
  | { is: 'enabled'; enabled: boolean }
  | { is: 'equal'; key: KeyName | 'sub'; value: string }
  | { is: 'between'; key: KeyName | 'sub'; range: TextRange }>;

/** `attribute` is `username`, `sub`, `cognito:user_status`, `status` (enabled or not) or a standard attribute. */
export interface UserFilter {
  readonly attribute: string;
  /** `equals` or `starts-with`. */
  readonly comparison: string;
  readonly value: string;
}

const statuses: readonly UserStatus[] = ['UNCONFIRMED', 'CONFIRMED', 'FORCE_CHANGE_PASSWORD', 'RESET_REQUIRED', 'EXTERNAL_PROVIDER'];

/**
 * Reads a filter: one attribute, `equals` or `starts-with`. Everything is compared as it is written, but user names, which
 * are compared in their one form, and `cognito:user_status`, which is compared without case.
 *
 * @throws {DomainError} `InvalidParameter` for an attribute that cannot be searched by, or a value that none can have
 * @see API reference, ListUsers, Filter
 */
export function criterionOf(filter: UserFilter | undefined, caseSensitive: boolean): UserCriterion {
  if (!filter) return { is: 'everybody' };
  const { attribute, comparison } = filter;
  const value = attribute === 'username' ? nameForm(filter.value, caseSensitive) : filter.value;
  if (comparison !== 'equals' && comparison !== 'starts-with') throw invalid('A filter compares with = or ^=.');
  if ([...value].length >= KEY_CHARACTERS) throw invalid(`The value of a filter has less than ${KEY_CHARACTERS} characters.`);
  if (value.includes('\0')) throw invalid('The value of a filter must not contain a NUL character.'); // no table can look for one
  const matching = <T extends string>(all: readonly T[], text: string) => all.filter((each) => (comparison === 'equals' ? each === text : each.startsWith(text)));

  if (attribute === 'cognito:user_status') {
    const found = matching(statuses, value.toUpperCase());
    return found.length === statuses.length ? { is: 'everybody' } : only(found, (status) => ({ is: 'status', status }));
  }
  if (attribute === 'status') {
    const found = matching(['Enabled', 'Disabled'], value);
    return found.length === 2 ? { is: 'everybody' } : only(found, (word) => ({ is: 'enabled', enabled: word === 'Enabled' }));
  }
  const key = attribute === 'sub' ? attribute : keyNames.find((name) => name === attribute);
  if (!key) throw invalid('One or more requested filter attributes are not supported');
  return comparison === 'equals' ? { is: 'equal', key, value } : { is: 'between', key, range: { from: value, below: firstAfterPrefix(value) } };
}

const invalid = (reason: string) => new DomainError('InvalidParameter', { reason });

/** All values of a kind begin differently, so a prefix finds all, one or none. */
const only = <T>(found: readonly T[], criterion: (one: T) => UserCriterion): UserCriterion =>
  (found.length === 1 ? criterion(found[0] as T) : { is: 'nobody' });

/** The first text that sorts after all texts with this prefix; `undefined` if there is none. Surrogates are no characters. */
export function firstAfterPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) as number);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last < 0x10_ff_ff) return String.fromCodePoint(...points, last + 1 >= 0xd8_00 && last < 0xe0_00 ? 0xe0_00 : last + 1);
  }
  return undefined;
}

/** The part of a value that is searched by. */
export const keyOf = (value: string): string => (value.length <= KEY_CHARACTERS ? value : [...value].slice(0, KEY_CHARACTERS).join(''));

/** The keys among a user's name and attributes. */
export function keysIn(values: AttributeList): Partial<Record<KeyName, string>> {
  const keys: Partial<Record<KeyName, string>> = {};
  for (const [name, value] of values) {
    const key = keyNames.find((each) => each === name);
    if (key) keys[key] = keyOf(value);
  }
  return keys;
}
