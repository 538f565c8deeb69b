import { describe, expect, it } from '@jest/globals';
import { specification } from '@rollcall/eventing/testing';

import { user, type UserCommand } from '../src/domain/user.js';
import {
  attributesChanged, passwordChosen, signedOutEverywhere, userConfirmed, userCreated, userDeleted, userDisabled, userEnabled, userSignedUp,
} from '../src/domain/user.events.js';
import { later, noon } from './given.js';
import { ada, credential, family, policy, SUB } from './people.js';

const given = specification(user);
type Of<Do extends UserCommand['do']> = Extract<UserCommand, { do: Do }>;

const signUp = (more: Partial<Of<'sign-up'>> = {}): Of<'sign-up'> =>
  ({ do: 'sign-up', sub: SUB, typed: 'ada', attributes: [], confirmed: false, policy: policy(), credentialId: credential(1), now: noon, ...more });
const create = (more: Partial<Of<'create'>> = {}): Of<'create'> =>
  ({ do: 'create', sub: SUB, typed: 'ada', attributes: [], confirmed: false, policy: policy(), now: noon, ...more });
const choose = (n: number, more: Partial<Of<'choose-password'>> = {}): Of<'choose-password'> =>
  ({ do: 'choose-password', credentialId: credential(n), origin: 'user', attributes: [], signOut: false, policy: policy(), now: later, ...more });
const confirm: UserCommand = { do: 'confirm', now: later };

const confirmed = userConfirmed({ at: noon });
const invited = userCreated({ credentialId: credential(1), temporaryUntil: later, at: noon }, { username: 'ada', attributes: [] });
const deleted = userDeleted({ at: noon });

describe('signing up', () => {
  it('begins unconfirmed, with name and attributes sealed as personal', () =>
    given().when(signUp({ attributes: [['name', 'Ada']] })).then(userSignedUp({ credentialId: credential(1), at: noon }, { username: 'ada', attributes: [['name', 'Ada']] })));
  it('begins confirmed where a trigger said so', () => given().when(signUp({ confirmed: true })).then(ada(), confirmed));
  it('takes no sub that is used, nor one that was: the caller needs a fresh one', () => {
    given(ada()).when(signUp()).thenRefused('UserChangedMeanwhile');
    given(ada(), deleted).when(signUp()).thenRefused('UserChangedMeanwhile');
    given(ada(), deleted).when(create()).thenRefused('UserChangedMeanwhile');
  });
  it('may do without a password', () => given().when(signUp({ credentialId: undefined })).then(userSignedUp({ at: noon }, { username: 'ada', attributes: [] })));
});

describe('a user made by an administrator', () => {
  it('must choose a password of its own', () => {
    given().when(create({ credentialId: credential(1), temporaryUntil: later })).then(invited);
    expect(given(invited).state()).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD', temporaryUntil: later, credentialId: credential(1) });
  });
  it('may have no password that anybody could know', () => {
    given().when(create()).then(userCreated({ at: noon }, { username: 'ada', attributes: [] }));
    expect(given(userCreated({ at: noon }, { username: 'ada', attributes: [] })).state()).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD', credentialId: undefined });
  });
});

describe('confirmation', () => {
  it('takes place once', () => {
    given(ada()).when(confirm).then(userConfirmed({ at: later }));
    given(ada(), confirmed).when(confirm).thenRefused('AlreadyConfirmed', { status: 'CONFIRMED' });
    given(invited).when(confirm).thenRefused('AlreadyConfirmed', { status: 'FORCE_CHANGE_PASSWORD' });
  });
  it('proves the address that the code went to, in the same append', () =>
    given(ada([['email', 'ada@example.com'], ['email_verified', 'false']])).when({ ...confirm, verified: 'email' })
      .then(userConfirmed({ at: later }), attributesChanged({ at: later }, { set: [['email_verified', 'true']] })));
  it('proves no address that is not there', () => given(ada()).when({ ...confirm, verified: 'phone_number' }).then(userConfirmed({ at: later })));
});

describe('choosing a password', () => {
  it('is one append: the credential, the status and the end of all sessions', () =>
    given(invited).when(choose(2, { madeFor: credential(1), signOut: true }))
      .then(passwordChosen({ credentialId: credential(2), origin: 'user', at: later }), signedOutEverywhere({ sessionGeneration: 1, at: later })));
  it('leaves the user confirmed with a lasting password, and asked for another with a temporary one', () => {
    expect(given(ada(), passwordChosen({ credentialId: credential(2), origin: 'administrator', at: later })).state())
      .toMatchObject({ status: 'CONFIRMED', credentialId: credential(2), earlierCredentials: [credential(1)], temporaryUntil: undefined });
    expect(given(ada(), confirmed, passwordChosen({ credentialId: credential(2), temporaryUntil: later, origin: 'administrator', at: later })).state())
      .toMatchObject({ status: 'FORCE_CHANGE_PASSWORD', temporaryUntil: later });
  });
  it('spares the family of the caller', () =>
    given(ada(), confirmed).when(choose(2, { madeFor: credential(1), signOut: true, sparedFamily: family(1) }))
      .then(passwordChosen({ credentialId: credential(2), origin: 'user', at: later }), signedOutEverywhere({ sessionGeneration: 1, sparedFamily: family(1), at: later })));
  it('lets one of two changes win that proved the same password', () =>
    given(ada(), confirmed, passwordChosen({ credentialId: credential(2), origin: 'user', at: noon })).when(choose(3, { madeFor: credential(1) }))
      .thenRefused('UserChangedMeanwhile'));
  it('comes too late when all sessions have been ended since its proof', () => {
    given(ada(), confirmed, signedOutEverywhere({ sessionGeneration: 1, at: noon })).when(choose(2, { madeFor: credential(1), madeUnder: 0 })).thenRefused('UserChangedMeanwhile');
    given(ada(), confirmed, signedOutEverywhere({ sessionGeneration: 1, at: noon })).when(choose(2, { madeFor: credential(1), madeUnder: 1 }))
      .then(passwordChosen({ credentialId: credential(2), origin: 'user', at: later }));
  });
  it('lets an administrator win over both', () =>
    given(ada(), confirmed, passwordChosen({ credentialId: credential(2), origin: 'user', at: noon })).when(choose(3, { origin: 'administrator', temporaryUntil: later }))
      .then(passwordChosen({ credentialId: credential(3), temporaryUntil: later, origin: 'administrator', at: later })));
  it('writes nothing when the credential is the user\'s already', () => given(ada(), confirmed).when(choose(1, { signOut: true })).then());
  it('brings back no earlier credential', () =>
    given(ada(), confirmed, passwordChosen({ credentialId: credential(2), origin: 'user', at: noon })).when(choose(1)).thenRefused('UserChangedMeanwhile'));
});

describe('attributes given with a new password', () => {
  const required = policy({ Schema: [{ Name: 'name', Required: true }, { Name: 'badge', AttributeDataType: 'String', Mutable: false }] });

  it('come in the same append', () =>
    given(invited).when(choose(2, { attributes: [['name', 'Ada']], policy: required }))
      .then(attributesChanged({ at: later }, { set: [['name', 'Ada']] }), passwordChosen({ credentialId: credential(2), origin: 'user', at: later })));
  it('must be those that the pool requires and the user lacks', () => {
    given(invited).when(choose(2, { policy: required })).thenRefused('AttributeInvalid', { attribute: 'name', rule: 'Invalid attributes given, name is missing' });
    given(invited).when(choose(2, { policy: required, origin: 'administrator' })).then(passwordChosen({ credentialId: credential(2), origin: 'administrator', at: later }));
  });
  it('must conform to the schema', () =>
    given(invited).when(choose(2, { attributes: [['email', 'nobody']] })).thenRefused('AttributeInvalid', { attribute: 'email', rule: 'Invalid email address format.' }));
  it.each(['sub', 'identities', 'email_verified', 'phone_number_verified'])('J10: are nothing that Rollcall says itself: %s', (attribute) =>
    given(invited).when(choose(2, { attributes: [[attribute, 'true']] })).thenRefused('AttributeNotWritable', { attribute }));
  it('do not change what is required and there', () =>
    given(ada([['name', 'Ada']]), confirmed).when(choose(2, { attributes: [['name', 'Eve']], policy: required }))
      .thenRefused('AttributeNotWritable', { attribute: 'name', rule: 'Cannot modify an already provided name' }));
  it('do not change what the user signs in by', () =>
    given(ada([['email', 'ada@example.com']], { nameAttribute: 'email', username: SUB }))
      .when(choose(2, { attributes: [['email', 'eve@example.com']], policy: policy({ UsernameAttributes: ['email'] }) }))
      .thenRefused('AttributeNotWritable', { attribute: 'email', rule: 'Cannot modify an already provided email' }));
  it('do not change what can be set once', () => {
    const set = choose(2, { attributes: [['custom:badge', '7'], ['name', 'Ada']], policy: required });
    given(ada([['name', 'Ada'], ['custom:badge', '6']]), confirmed).when(set).thenRefused('AttributeInvalid', { attribute: 'custom:badge', rule: 'user.custom:badge: Attribute cannot be updated.' });
    given(ada([['name', 'Ada']]), confirmed).when(set)
      .then(attributesChanged({ at: later }, { set: [['custom:badge', '7']] }), passwordChosen({ credentialId: credential(2), origin: 'user', at: later }));
  });
  it('may repeat what is there', () =>
    given(ada([['name', 'Ada']]), confirmed).when(choose(2, { attributes: [['name', 'Ada']], policy: required }))
      .then(passwordChosen({ credentialId: credential(2), origin: 'user', at: later })));
  it('take the proof from an address that is new', () =>
    given(ada([['email', 'ada@example.com'], ['email_verified', 'true']]), confirmed).when(choose(2, { attributes: [['email', 'new@example.com']] }))
      .then(attributesChanged({ at: later }, { set: [['email', 'new@example.com'], ['email_verified', 'false']] }), passwordChosen({ credentialId: credential(2), origin: 'user', at: later })));
});

describe('the end of all sessions', () => {
  it('is a number that rises', () => {
    given(ada()).when({ do: 'sign-out-everywhere', now: later }).then(signedOutEverywhere({ sessionGeneration: 1, at: later }));
    given(ada(), signedOutEverywhere({ sessionGeneration: 7, at: noon })).when({ do: 'sign-out-everywhere', now: later }).then(signedOutEverywhere({ sessionGeneration: 8, at: later }));
  });
  it('spares nobody that an earlier one spared', () =>
    expect(given(ada(), signedOutEverywhere({ sessionGeneration: 1, sparedFamily: family(1), at: noon }), signedOutEverywhere({ sessionGeneration: 2, at: noon })).state())
      .toMatchObject({ sessionGeneration: 2, sparedFamily: undefined }));
});

describe('disabling', () => {
  const disabled = userDisabled({ at: noon });
  it('B7: ends all sessions in the same append', () =>
    given(ada()).when({ do: 'disable', now: later }).then(userDisabled({ at: later }), signedOutEverywhere({ sessionGeneration: 1, at: later })));
  it('writes nothing when it is done already', () => given(ada(), disabled).when({ do: 'disable', now: later }).then());
  it('is undone', () => {
    given(ada(), disabled).when({ do: 'enable', now: later }).then(userEnabled({ at: later }));
    given(ada()).when({ do: 'enable', now: later }).then();
    expect(given(ada(), disabled, userEnabled({ at: noon })).state()).toMatchObject({ enabled: true });
  });
});

describe('deletion', () => {
  it('leaves nothing of the person', () => {
    given(ada()).when({ do: 'delete', now: later }).then(userDeleted({ at: later }));
    expect(given(ada([['name', 'Ada']]), deleted).state()).toEqual({ is: 'deleted' });
  });
  const commands: readonly UserCommand[] = [confirm, choose(2), ...(['sign-out-everywhere', 'disable', 'enable', 'delete'] as const).map((each) => ({ do: each, now: later }))];
  it.each(commands)('is final, as is never having been: $do', (command) => {
    given(ada(), deleted).when(command).thenRefused('UserNotFound');
    given().when(command).thenRefused('UserNotFound');
  });
});

describe('an erased person', () => {
  it('folds to a user without name and attributes', () => {
    const erased = [{ ...ada(), personal: null }, { ...attributesChanged({ at: noon }, { set: [] }), personal: null }, confirmed];
    expect(given(...erased).state()).toMatchObject({ is: 'live', username: '', attributes: new Map(), status: 'CONFIRMED' });
  });
});
