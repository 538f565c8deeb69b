import { describe, expect, it } from '@jest/globals';
import { fold } from '@rollcall/kernel';

import { changeOfNames, namesOf, type Name } from '../src/domain/names.js';
import type { PoolPolicy } from '../src/domain/pool-policy.js';
import { attributesChanged, userConfirmed, userDeleted, type UserEvent } from '../src/domain/user.events.js';
import { user } from '../src/domain/user.js';
import { noon } from './given.js';
import { ada, policy, SUB } from './people.js';

const sensitive = policy();
const insensitive = policy({ UsernameConfiguration: { CaseSensitive: false } });
const names = (rules: PoolPolicy, ...events: UserEvent[]) => namesOf(rules, SUB, fold(user, events)).map(({ kind, value }) => `${kind} ${value}`);
const confirmed = userConfirmed({ at: noon });
const proved = (kind: string) => attributesChanged({ at: noon }, { set: [[`${kind}_verified`, 'true']] });

describe('the names of a user', () => {
  const addresses = [['email', 'Ada@example.com'], ['phone_number', '+12025550100'], ['preferred_username', 'Countess']] as const;
  const aliased = policy({ AliasAttributes: ['email', 'phone_number', 'preferred_username'] });
  const byEither = policy({ UsernameAttributes: ['email', 'phone_number'] });

  it('are the sub and the user name', () => {
    expect(names(sensitive, ada([...addresses], { username: 'Ada' }))).toEqual([`sub ${SUB}`, 'username Ada']);
    expect(names(insensitive, ada([], { username: 'Ada' }))).toEqual([`sub ${SUB}`, 'username ada']);
  });
  it('G2: include no address that is not proved', () => expect(names(aliased, ada([...addresses]))).toEqual([`sub ${SUB}`, 'username ada']));
  it('include an alias that is proved, and a preferred name once the account is confirmed', () => {
    expect(names(aliased, ada([...addresses]), confirmed)).toEqual([`sub ${SUB}`, 'username ada', 'preferred_username Countess']);
    expect(names(aliased, ada([...addresses]), confirmed, proved('email'), proved('phone_number')))
      .toEqual([`sub ${SUB}`, 'username ada', 'email Ada@example.com', 'phone_number +12025550100', 'preferred_username Countess']);
  });
  it('include only aliases that the pool has', () =>
    expect(names(policy({ AliasAttributes: ['phone_number'] }), ada([...addresses]), confirmed, proved('email'))).toEqual([`sub ${SUB}`, 'username ada']));
  it('include the address typed at the beginning at once, and another when it is proved', () => {
    const signedUp = ada([...addresses], { username: SUB, nameAttribute: 'email' });
    expect(names(byEither, signedUp)).toEqual([`sub ${SUB}`, 'email Ada@example.com']);
    expect(names(byEither, signedUp, proved('phone_number'))).toEqual([`sub ${SUB}`, 'email Ada@example.com', 'phone_number +12025550100']);
  });
  it('name each value once', () =>
    expect(names(aliased, ada([['preferred_username', 'ada']]), confirmed)).toEqual([`sub ${SUB}`, 'username ada']));
  it('are none of a user who is not there', () => {
    expect(names(aliased)).toEqual([]);
    expect(names(aliased, ada(), userDeleted({ at: noon }))).toEqual([]);
  });
  it('are the sub alone when the person is erased', () => expect(names(aliased, { ...ada(), personal: null })).toEqual([`sub ${SUB}`]));
});

describe('a change of names', () => {
  const name = (value: string, kind: Name['kind'] = 'email'): Name => ({ kind, value });
  it('takes what is new and gives back what is gone', () =>
    expect(changeOfNames([name('a'), name('b')], [name('b'), name('c')])).toEqual({ take: [name('c')], release: [name('a')] }));
  it('leaves alone a value that becomes another kind of name', () =>
    expect(changeOfNames([name('a', 'username')], [name('a', 'preferred_username')])).toEqual({ take: [], release: [] }));
});
