import { defineEvent, typeOf, type CredentialId, type EpochSeconds, type EventOf, type FamilyId } from '@rollcall/kernel';

import type { NameAttribute } from './pool-policy.js';

/** Names and values; a list and no object, so that no name means anything but itself (`__proto__`). */
export type AttributeList = readonly (readonly [name: string, value: string])[];

export type PasswordOrigin = 'user' | 'administrator';

/** What a user begins with that is not personal. `nameAttribute`: what the typed name was, where a pool signs in by it. */
type Beginning = Readonly<{ credentialId?: CredentialId; nameAttribute?: NameAttribute; at: EpochSeconds }>;
type Person = Readonly<{ username: string; attributes: AttributeList }>;

/** By itself; not yet confirmed. */
export const userSignedUp = defineEvent('directory.user.signed-up', { data: typeOf<Beginning>(), personal: typeOf<Person>() });

/** By an administrator; its password, if any, is temporary. */
export const userCreated = defineEvent('directory.user.created', {
  data: typeOf<Beginning & Readonly<{ temporaryUntil?: EpochSeconds }>>(),
  personal: typeOf<Person>(),
});

export const userConfirmed = defineEvent('directory.user.confirmed', { data: typeOf<Readonly<{ at: EpochSeconds }>>() });

/** The named attributes have new values, all others stay. */
export const attributesChanged = defineEvent('directory.user.attributes-changed', {
  data: typeOf<Readonly<{ at: EpochSeconds }>>(),
  personal: typeOf<Readonly<{ set: AttributeList }>>(),
});

/** Makes the vault row `(pool, sub, credentialId)` the user's password; holds nothing of it. */
export const passwordChosen = defineEvent('directory.user.password-chosen', {
  data: typeOf<Readonly<{ credentialId: CredentialId; temporaryUntil?: EpochSeconds; origin: PasswordOrigin; at: EpochSeconds }>>(),
});

/** Whatever was made under a lower generation is refused from now on, but for one refresh family where one is spared. */
export const signedOutEverywhere = defineEvent('directory.user.signed-out-everywhere', {
  data: typeOf<Readonly<{ sessionGeneration: number; sparedFamily?: FamilyId; at: EpochSeconds }>>(),
});

export const userDisabled = defineEvent('directory.user.disabled', { data: typeOf<Readonly<{ at: EpochSeconds }>>() });
export const userEnabled = defineEvent('directory.user.enabled', { data: typeOf<Readonly<{ at: EpochSeconds }>>() });

/** Gone for good. Holds nothing of the person, whose key is destroyed after it. */
export const userDeleted = defineEvent('directory.user.deleted', { data: typeOf<Readonly<{ at: EpochSeconds }>>() });

export const userEvents = {
  userSignedUp, userCreated, userConfirmed, attributesChanged, passwordChosen, signedOutEverywhere, userDisabled, userEnabled, userDeleted,
};
export type UserEvent = EventOf<typeof userEvents>;
