import { describe, expect, it } from '@jest/globals';
import { specification } from '@rollcall/eventing/testing';
import { epochSeconds } from '@rollcall/kernel';

import { challengeNames } from '../src/domain/challenge-names.js';
import { gates, type Gate } from '../src/domain/gates.js';
import type { Person } from '../src/domain/person.js';
import { begun, challengeSet, completed, factorProved } from '../src/domain/sign-in.events.js';
import { signInWith } from '../src/domain/sign-in.js';

const now = epochSeconds(1_000_000);
const given = specification(signInWith(gates));
const all = new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH', 'ALLOW_USER_AUTH']);
const begin = (flow: string, { enabled = all as ReadonlySet<string>, byAdministrator = false } = {}) => ({ do: 'begin', flow, enabled, byAdministrator }) as const;
const grace: Person = { status: 'CONFIRMED', enabled: true };
const proof = { factor: 'password', at: now } as const;
const prove = (person: Person) => ({ do: 'prove', proof, facts: { person, now } }) as const;
const started = begun({ flow: 'USER_PASSWORD_AUTH' });

describe('a sign-in begins', () => {
  it.each(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH', 'REFRESH_TOKEN_AUTH', 'CUSTOM_AUTH', 'USER_AUTH'] as const)('with %s where the client allows it', (flow) =>
    given().when(begin(flow)).then(begun({ flow })));
  it('under the older name of a flow', () => given().when(begin('REFRESH_TOKEN')).then(begun({ flow: 'REFRESH_TOKEN_AUTH' })));
  it('by an administrator under both names of that flow', () => {
    const flow = begun({ flow: 'ADMIN_USER_PASSWORD_AUTH' });
    given().when(begin('ADMIN_USER_PASSWORD_AUTH', { byAdministrator: true })).then(flow);
    given().when(begin('ADMIN_NO_SRP_AUTH', { byAdministrator: true })).then(flow);
  });
  it.each(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH', 'REFRESH_TOKEN_AUTH', 'CUSTOM_AUTH', 'USER_AUTH'])('not with %s where the client does not', (flow) =>
    given().when(begin(flow, { enabled: new Set() })).thenRefused('FlowNotEnabled', { flow }));
  it('not with the password flow of the public by an administrator', () =>
    given().when(begin('USER_PASSWORD_AUTH', { byAdministrator: true })).thenRefused('FlowNotSupported'));
  it('not with the password flow of administrators by the public', () => given().when(begin('ADMIN_USER_PASSWORD_AUTH')).thenRefused('FlowNotSupported'));
  it('not with a flow that nobody knows', () => given().when(begin('constructor')).thenRefused('FlowNotSupported'));
  it('once', () => given(started).when(begin('USER_SRP_AUTH')).thenRefused('SessionInvalid'));
});

describe('a proved password', () => {
  it('completes the sign-in of a confirmed user', () => given(started).when(prove(grace)).then(factorProved(proof), completed({})));
  it.each([
    ['an unconfirmed user', { ...grace, status: 'UNCONFIRMED' }, 'UserNotConfirmed'],
    ['a disabled user', { ...grace, enabled: false }, 'UserDisabled'],
    ['a user whose password was reset', { ...grace, status: 'RESET_REQUIRED' }, 'PasswordResetRequired'],
    ['an expired temporary password', { ...grace, status: 'FORCE_CHANGE_PASSWORD', temporaryUntil: now }, 'TemporaryPasswordExpired'],
  ] as const)('does not let in %s', (_who, person, code) => given(started).when(prove(person)).thenRefused(code));
  it('that is temporary asks for a new one', () =>
    given(started).when(prove({ ...grace, status: 'FORCE_CHANGE_PASSWORD', temporaryUntil: epochSeconds(now + 1) }))
      .then(factorProved(proof), challengeSet({ challenge: 'NEW_PASSWORD_REQUIRED' })));
  it('completes once the new one is set', () =>
    given(started, factorProved(proof), challengeSet({ challenge: 'NEW_PASSWORD_REQUIRED' })).when(prove(grace)).then(factorProved(proof), completed({})));
  it('counts for nothing before a beginning or after an end', () => {
    given().when(prove(grace)).thenRefused('SessionInvalid');
    given(started, factorProved(proof), completed({})).when(prove(grace)).thenRefused('SessionInvalid');
  });
});

describe('the order of steps', () => {
  it('accepts the answer to the challenge that was set', () =>
    given(started, challengeSet({ challenge: 'NEW_PASSWORD_REQUIRED' })).when({ do: 'answer', challenge: 'NEW_PASSWORD_REQUIRED' }).then());
  it.each(challengeNames.filter((name) => name !== 'NEW_PASSWORD_REQUIRED'))('C1: refuses %s where another challenge was set', (challenge) =>
    given(started, challengeSet({ challenge: 'NEW_PASSWORD_REQUIRED' })).when({ do: 'answer', challenge }).thenRefused('SessionInvalid'));
  it('refuses any answer where none was set', () => given(started).when({ do: 'answer', challenge: 'PASSWORD_VERIFIER' }).thenRefused('SessionInvalid'));
  it('lets a step put another challenge', () => given(started).when({ do: 'set-challenge', challenge: 'PASSWORD_VERIFIER' }).then(challengeSet({ challenge: 'PASSWORD_VERIFIER' })));
});

describe('a factor to come', () => {
  const secondFactor: Gate = (_facts, proofs) => (proofs.length > 1 ? { is: 'open' } : { is: 'asks', challenge: 'SOFTWARE_TOKEN_MFA' });
  const given = specification(signInWith([...gates, secondFactor]));
  it('is asked for by a gate of its own', () =>
    given(started).when(prove(grace)).then(factorProved(proof), challengeSet({ challenge: 'SOFTWARE_TOKEN_MFA' })));
  it('completes the sign-in when it is proved', () =>
    given(started, factorProved(proof), challengeSet({ challenge: 'SOFTWARE_TOKEN_MFA' })).when(prove(grace)).then(factorProved(proof), completed({})));
  it('knows what was proved before', () =>
    expect(given(started, factorProved(proof), challengeSet({ challenge: 'SOFTWARE_TOKEN_MFA' })).state())
      .toEqual({ is: 'under-way', proofs: [proof], awaits: 'SOFTWARE_TOKEN_MFA' }));
});
