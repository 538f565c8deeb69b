import { accept, DomainError, refuse, unreachable, type CredentialId, type Decider, type Decision, type EpochSeconds, type FamilyId } from '@rollcall/kernel';

import { attributeInvalid, cannotBeUpdated, checkedAttributes, missingAttributes, withProofsReset, type Attributes } from './attributes.js';
import { newPerson, type NewUser } from './new-user.js';
import type { NameAttribute, PoolPolicy } from './pool-policy.js';
import {
  attributesChanged, passwordChosen, signedOutEverywhere, userConfirmed, userCreated, userDeleted, userDisabled, userEnabled, userSignedUp,
  type AttributeList, type PasswordOrigin, type UserEvent,
} from './user.events.js';

export type UserStatus = 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'RESET_REQUIRED' | 'EXTERNAL_PROVIDER';

export type LiveUser = Readonly<{
  is: 'live';
  username: string;
  /** All but the sub. */
  attributes: Attributes;
  /** What the user signs in by, in a pool where that is an address. */
  nameAttribute: NameAttribute | undefined;
  status: UserStatus;
  enabled: boolean;
  /** Ids of groups, not names: a group made again under an old name revives nobody. */
  memberships: readonly string[];
  /** The valid row of the vault; none: no password. */
  credentialId: CredentialId | undefined;
  /** Rows that were valid before, the latest last. */
  earlierCredentials: readonly CredentialId[];
  /** Until when a temporary password serves. */
  temporaryUntil: EpochSeconds | undefined;
  sessionGeneration: number;
  /** The refresh family that the last raise of the generation left alive. */
  sparedFamily: FamilyId | undefined;
  createdAt: EpochSeconds;
  updatedAt: EpochSeconds;
}>;
export type User = Readonly<{ is: 'absent' } | LiveUser | { is: 'deleted' }>;

export type PasswordChoice = Readonly<{
  credentialId: CredentialId;
  /** The credential that the change proved; absent for an administrator, whose wish wins. */
  madeFor?: CredentialId | undefined;
  /** The session generation that the change was proved under. */
  madeUnder?: number | undefined;
  temporaryUntil?: EpochSeconds | undefined;
  origin: PasswordOrigin;
  /** Given together with the new password. */
  attributes: AttributeList;
  signOut: boolean;
  sparedFamily?: FamilyId | undefined;
}>;

export type UserCommand = Readonly<{ now: EpochSeconds } & (
  | ({ do: 'sign-up'; policy: PoolPolicy; credentialId?: CredentialId | undefined } & NewUser)
  | ({ do: 'create'; policy: PoolPolicy; credentialId?: CredentialId | undefined; temporaryUntil?: EpochSeconds | undefined } & NewUser)
  | { do: 'confirm'; verified?: NameAttribute | undefined }
  | ({ do: 'choose-password'; policy: PoolPolicy } & PasswordChoice)
  | { do: 'sign-out-everywhere' | 'disable' | 'enable' | 'delete' })>;

type Command<Do extends UserCommand['do']> = Extract<UserCommand, { do: Do }>;

export const user: Decider<UserCommand, User, UserEvent> = {
  initial: { is: 'absent' },

  decide(command, state) {
    if (command.do === 'sign-up' || command.do === 'create') return begin(command, state);
    if (state.is !== 'live') return refuse(new DomainError('UserNotFound'));
    const { now } = command;
    const signOut = signedOutEverywhere({ sessionGeneration: state.sessionGeneration + 1, at: now });
    switch (command.do) {
      case 'confirm': return confirm(command, state);
      case 'choose-password': return choosePassword(command, state);
      case 'sign-out-everywhere': return accept(signOut);
      case 'disable': return state.enabled ? accept<UserEvent>(userDisabled({ at: now }), signOut) : accept();
      case 'enable': return state.enabled ? accept() : accept(userEnabled({ at: now }));
      case 'delete': return accept(userDeleted({ at: now }));
      default: return unreachable(command);
    }
  },

  evolve(state, event) {
    if (event.type === 'directory.user.signed-up' || event.type === 'directory.user.created') return begun(event);
    if (state.is !== 'live') return state;
    switch (event.type) {
      case 'directory.user.confirmed': return { ...state, status: 'CONFIRMED', updatedAt: event.data.at };
      case 'directory.user.attributes-changed':
        return { ...state, attributes: new Map([...state.attributes, ...(event.personal?.set ?? [])]), updatedAt: event.data.at };
      case 'directory.user.password-chosen': {
        const { credentialId, temporaryUntil, at } = event.data;
        const earlierCredentials = state.credentialId === undefined ? state.earlierCredentials : [...state.earlierCredentials, state.credentialId];
        const status = temporaryUntil === undefined ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
        return { ...state, status, credentialId, earlierCredentials, temporaryUntil, updatedAt: at };
      }
      case 'directory.user.signed-out-everywhere': {
        const { sessionGeneration, sparedFamily } = event.data;
        return { ...state, sessionGeneration, sparedFamily };
      }
      case 'directory.user.disabled': return { ...state, enabled: false, updatedAt: event.data.at };
      case 'directory.user.enabled': return { ...state, enabled: true, updatedAt: event.data.at };
      case 'directory.user.deleted': return { is: 'deleted' };
      default: return unreachable(event);
    }
  },
};

/** `UserChangedMeanwhile`: the sub is used up, by a user that is there or by one that was deleted; the caller takes another. */
function begin(command: Command<'sign-up' | 'create'>, state: User): Decision<UserEvent> {
  if (state.is !== 'absent') return refuse(new DomainError('UserChangedMeanwhile'));
  const { now: at, credentialId, policy, confirmed } = command;
  const person = newPerson(command, policy, command.do === 'sign-up' ? 'user' : 'administrator');
  if (person instanceof DomainError) return refuse(person);
  const { username, nameAttribute } = person;
  const data = { ...(credentialId ? { credentialId } : {}), ...(nameAttribute ? { nameAttribute } : {}), at };
  const personal = { username, attributes: [...person.attributes] };
  const { temporaryUntil } = command.do === 'create' ? command : {};
  const first = command.do === 'sign-up'
    ? userSignedUp(data, personal)
    : userCreated({ ...data, ...(temporaryUntil === undefined ? {} : { temporaryUntil }) }, personal);
  return confirmed ? accept<UserEvent>(first, userConfirmed({ at })) : accept<UserEvent>(first);
}

function confirm({ now: at, verified }: Command<'confirm'>, { status, attributes }: LiveUser): Decision<UserEvent> {
  if (status !== 'UNCONFIRMED') return refuse(new DomainError('AlreadyConfirmed', { status }));
  if (!verified || !attributes.has(verified)) return accept(userConfirmed({ at }));
  return accept<UserEvent>(userConfirmed({ at }), attributesChanged({ at }, { set: [[`${verified}_verified`, 'true']] }));
}

function choosePassword(command: Command<'choose-password'>, state: LiveUser): Decision<UserEvent> {
  const { now: at, credentialId, madeFor, madeUnder, temporaryUntil, origin, signOut, sparedFamily, policy } = command;
  if (credentialId === state.credentialId) return accept();
  if (madeFor !== undefined && madeFor !== state.credentialId) return refuse(new DomainError('UserChangedMeanwhile'));
  if (madeUnder !== undefined && madeUnder !== state.sessionGeneration) return refuse(new DomainError('UserChangedMeanwhile'));
  if (state.earlierCredentials.includes(credentialId)) return refuse(new DomainError('UserChangedMeanwhile'));
  const changed = changedAttributes(command, state);
  if (changed instanceof DomainError) return refuse(changed);
  if (origin === 'user' && state.status === 'FORCE_CHANGE_PASSWORD') {
    const missing = missingAttributes(new Map([...state.attributes, ...changed]), policy);
    if (missing[0] !== undefined) return refuse(attributeInvalid(missing[0], `Invalid attributes given, ${missing.join(' and ')} is missing`));
  }
  const events: UserEvent[] = [];
  if (changed.size > 0) events.push(attributesChanged({ at }, { set: [...changed] }));
  events.push(passwordChosen({ credentialId, ...(temporaryUntil === undefined ? {} : { temporaryUntil }), origin, at }));
  if (signOut) events.push(signedOutEverywhere({ sessionGeneration: state.sessionGeneration + 1, ...(sparedFamily ? { sparedFamily } : {}), at }));
  return accept(...events);
}

/**
 * Those of the given attributes that have a new value. What the user signs in by and what the pool requires cannot be
 * changed here once it is there, nor what can be set once.
 */
function changedAttributes({ attributes: given, policy }: Command<'choose-password'>, state: LiveUser): Attributes | DomainError {
  const checked = checkedAttributes(given, policy, 'user');
  if (checked instanceof DomainError) return checked;
  const changed = new Map([...checked].filter(([name, value]) => state.attributes.get(name) !== value));
  for (const { Name, Mutable, Required } of policy.SchemaAttributes) {
    if (!changed.has(Name) || !state.attributes.has(Name)) continue;
    if (Required || Name === state.nameAttribute)
      return new DomainError('AttributeNotWritable', { attribute: Name, rule: `Cannot modify an already provided ${Name}` });
    if (!Mutable) return cannotBeUpdated(Name);
  }
  return withProofsReset(changed, state.attributes);
}

type Begun = Extract<UserEvent, { type: 'directory.user.signed-up' | 'directory.user.created' }>;

/** Erased, the user has neither name nor attributes. */
function begun({ type, data, personal }: Begun): LiveUser {
  return {
    is: 'live',
    username: personal?.username ?? '',
    attributes: new Map(personal?.attributes ?? []),
    nameAttribute: data.nameAttribute,
    status: type === 'directory.user.signed-up' ? 'UNCONFIRMED' : 'FORCE_CHANGE_PASSWORD',
    enabled: true,
    memberships: [],
    credentialId: data.credentialId,
    earlierCredentials: [],
    temporaryUntil: 'temporaryUntil' in data ? data.temporaryUntil : undefined,
    sessionGeneration: 0,
    sparedFamily: undefined,
    createdAt: data.at,
    updatedAt: data.at,
  };
}
