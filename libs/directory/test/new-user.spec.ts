import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rollcall/kernel';
import fc from 'fast-check';

import { newPerson, type NewUser } from '../src/domain/new-user.js';
import type { PoolPolicy } from '../src/domain/pool-policy.js';
import type { AttributeList } from '../src/domain/user.events.js';
import type { Giver } from '../src/domain/attributes.js';
import { policy, SUB } from './people.js';

function person(rules: PoolPolicy, typed: string, attributes: AttributeList = [], giver: Giver = 'user', more: Partial<NewUser> = {}) {
  const result = newPerson({ sub: SUB, typed, attributes, confirmed: false, ...more }, rules, giver);
  if (result instanceof DomainError) return { code: result.code, ...result.details };
  return { ...result, attributes: [...result.attributes] };
}
const invalid = (attribute: string, rule: string) => ({ code: 'AttributeInvalid', attribute, rule });
const schemaText = (text: string) => `Attributes did not conform to the schema: ${text}`;

const plain = policy();
const byEmail = policy({ UsernameAttributes: ['email'] });
const byPhone = policy({ UsernameAttributes: ['phone_number'] });
const byEither = policy({ UsernameAttributes: ['phone_number', 'email'] });
const aliased = policy({ AliasAttributes: ['email', 'phone_number', 'preferred_username'] });
const custom = policy({ Schema: [
  { Name: 'email', Required: true },
  { Name: 'given_name', Required: true },
  { Name: 'team', AttributeDataType: 'String', StringAttributeConstraints: { MinLength: '2', MaxLength: '4' } },
  { Name: 'age', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '0', MaxValue: '150' } },
  { Name: 'since', AttributeDataType: 'DateTime' },
  { Name: 'member', AttributeDataType: 'Boolean' },
  { Name: 'score', AttributeDataType: 'Number', DeveloperOnlyAttribute: true },
] });
const good: AttributeList = [['email', 'ada@example.com'], ['given_name', 'Ada']];

describe('the name of a new user', () => {
  it('is what was typed', () => expect(person(plain, 'Ada')).toEqual({ username: 'Ada', attributes: [] }));
  it('K1: is kept in the form in which nobody is shown, and attributes as typed', () => {
    const uncased = policy({ UsernameConfiguration: { CaseSensitive: false } });
    const typed: AttributeList = [['email', 'Ada@Example.com']];
    expect(person(uncased, 'ADA', typed, 'administrator')).toEqual({ username: 'ada', attributes: typed });
    expect(person(uncased, 'Ame\u0301lie')).toEqual({ username: 'am\u00e9lie', attributes: [] });
    expect(person(plain, 'Ame\u0301lie')).toEqual({ username: 'Am\u00e9lie', attributes: [] });
  });
  it('has 128 characters at most in that form too', () =>
    expect(person(policy({ UsernameConfiguration: { CaseSensitive: false } }), 'ß'.repeat(65))).toEqual(invalid('username', 'Username must have 1 to 128 characters and no spaces.')));
  it('may look like an address where that is no alias', () => expect(person(plain, 'ada@example.com')).toEqual({ username: 'ada@example.com', attributes: [] }));
  it.each(['', 'ada lovelace', 'a\0b', 'x'.repeat(129)])('is no %j', (typed) =>
    expect(person(plain, typed)).toEqual(invalid('username', 'Username must have 1 to 128 characters and no spaces.')));
  it('is the sub where the pool signs in by an address, which becomes an attribute that is not proved', () => {
    expect(person(byEmail, 'ada@example.com')).toEqual({ username: SUB, nameAttribute: 'email', attributes: [['email', 'ada@example.com'], ['email_verified', 'false']] });
    expect(person(byPhone, '+12025550100', [], 'administrator')).toEqual({ username: SUB, nameAttribute: 'phone_number', attributes: [['phone_number', '+12025550100']] });
    expect(person(byEither, 'ada@example.com')).toMatchObject({ nameAttribute: 'email' });
    expect(person(byEither, '+12025550100')).toMatchObject({ nameAttribute: 'phone_number' });
  });
  it('must be an address where the pool signs in by one', () => {
    expect(person(byEmail, 'ada')).toEqual(invalid('username', 'Username should be an email.'));
    expect(person(byEmail, '+12025550100')).toEqual(invalid('username', 'Username should be an email.'));
    expect(person(byPhone, 'ada@example.com')).toEqual(invalid('username', 'Username should be a phone number.'));
    expect(person(byEither, 'ada')).toEqual(invalid('username', 'Username should be either an email or a phone number.'));
  });
  it('may be given as an attribute too, but not two ways', () => {
    expect(person(byEmail, 'ada@example.com', [['email', 'ada@example.com']])).toMatchObject({ attributes: [['email', 'ada@example.com'], ['email_verified', 'false']] });
    expect(person(byEmail, 'ada@example.com', [['email', 'eve@example.com']])).toEqual(invalid('email', schemaText('email: The attribute email differs from the username')));
  });
  it('keeps to the schema as an attribute', () =>
    expect(person(policy({ UsernameAttributes: ['email'], Schema: [{ Name: 'email', StringAttributeConstraints: { MaxLength: '5' } }] }), 'ada@example.com'))
      .toEqual(invalid('email', schemaText('email: The value must have at most 5 characters'))));
  it('cannot be taken for an alias', () => {
    expect(person(aliased, 'ada@example.com')).toEqual(invalid('username', 'Username cannot be of email format, since user pool is configured for email alias.'));
    expect(person(aliased, '+12025550100', [], 'administrator')).toEqual(invalid('username', 'Username cannot be of phone number format, since user pool is configured for phone number alias.'));
    expect(person(aliased, 'ada')).toEqual({ username: 'ada', attributes: [] });
  });
});

describe('the attributes of a new user', () => {
  it('are kept as typed, and addresses as not proved', () =>
    expect(person(plain, 'ada', [['name', 'Ada  Lovelace'], ['email', 'Ada@Example.com'], ['phone_number', '+12025550100']])).toMatchObject({
      attributes: [['name', 'Ada  Lovelace'], ['email', 'Ada@Example.com'], ['phone_number', '+12025550100'], ['email_verified', 'false'], ['phone_number_verified', 'false']],
    }));
  it('are no value when they are blank', () => {
    expect(person(plain, 'ada', [['name', ''], ['email', '']])).toMatchObject({ attributes: [] });
    expect(person(custom, 'ada', [['email', ''], ['given_name', 'Ada']])).toEqual(invalid('email', schemaText('email: The attribute email is required')));
  });
  it('include what the pool requires of those who sign up', () => {
    expect(person(custom, 'ada', good)).toMatchObject({ username: 'ada' });
    expect(person(custom, 'ada')).toEqual(
      invalid('given_name', schemaText('given_name: The attribute given_name is required\nemail: The attribute email is required')));
    expect(person(custom, 'ada', [], 'administrator')).toEqual({ username: 'ada', attributes: [] });
  });

  it.each([
    ['team', 'blue'], ['team', '東京'], ['age', '0'], ['age', '150'], ['since', '2026-11-24'], ['since', '2026-11-24T12:00:00Z'], ['since', '1767268800'], ['member', 'false'],
  ])('take custom:%s %j', (name, value) => expect(person(custom, 'ada', [...good, [`custom:${name}`, value]])).toMatchObject({ attributes: expect.arrayContaining([[`custom:${name}`, value]]) }));
  it('have one spelling of a truth value', () => expect(person(custom, 'ada', [...good, ['custom:member', 'True']])).toMatchObject({ attributes: expect.arrayContaining([['custom:member', 'true']]) }));
  it.each([
    ['team', 'a', 'The value must have at least 2 characters'],
    ['team', 'green', 'The value must have at most 4 characters'],
    ['team', 'a\0b', 'The value must not contain a NUL character'],
    ['age', '-1', 'The value must be at least 0'],
    ['age', '151', 'The value must be at most 150'],
    ['age', '1.5', 'The value must be a whole number'],
    ['age', '1e3', 'The value must be a whole number'],
    ['since', 'yesterday', 'The value must be a date'],
    ['since', '2026-13-45', 'The value must be a date'],
    ['member', 'yes', 'The value must be true or false'],
  ])('refuse custom:%s %j', (name, value, text) =>
    expect(person(custom, 'ada', [...good, [`custom:${name}`, value]])).toEqual(invalid(`custom:${name}`, schemaText(`custom:${name}: ${text}`))));
  it('are 2,048 characters at most', () =>
    expect(person(policy({ Schema: [{ Name: 'essay', AttributeDataType: 'String' }] }), 'ada', [['custom:essay', 'x'.repeat(2049)]]))
      .toEqual(invalid('custom:essay', schemaText('custom:essay: The value must have at most 2048 characters'))));
  it('are given once each', () =>
    expect(person(plain, 'ada', [['name', 'Ada'], ['name', 'Eve']])).toEqual(invalid('name', schemaText('name: The attribute name is given twice'))));
  it('are those of the schema', () => {
    expect(person(plain, 'ada', [['custom:team', 'x']])).toEqual(invalid('custom:team', schemaText('custom:team: Attribute does not exist in the schema.')));
    expect(person(plain, 'ada', [['custom:team', 'x']], 'administrator')).toEqual(invalid('custom:team', schemaText('Type for attribute {custom:team} could not be determined')));
    expect(person(custom, 'ada', [...good, ['team', 'blue']])).toEqual(invalid('team', schemaText('team: Attribute does not exist in the schema.')));
  });
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])('I8: do not know %s', (name) => {
    expect(person(plain, 'ada', [[name, 'x']])).toEqual(invalid(name, schemaText(`${name}: Attribute does not exist in the schema.`)));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
  it.each(['sub', 'identities', 'email_verified', 'phone_number_verified', 'dev:score'])('J10: a plain user says nothing about %s', (attribute) =>
    expect(person(custom, 'ada', [...good, [attribute, 'true']])).toEqual({ code: 'AttributeNotWritable', attribute }));
  it.each(['sub', 'identities'])('J10: not even an administrator says anything about %s', (attribute) =>
    expect(person(plain, 'ada', [[attribute, 'x']], 'administrator')).toEqual(invalid(attribute, `user.${attribute}: Attribute cannot be updated.`)));
  it('let an administrator vouch for an address that is there', () => {
    const given: AttributeList = [['email', 'ada@example.com'], ['email_verified', 'True'], ['dev:score', '7']];
    expect(person(custom, 'ada', given, 'administrator')).toEqual({ username: 'ada', attributes: [['email', 'ada@example.com'], ['email_verified', 'true'], ['dev:score', '7']] });
    expect(person(plain, 'ada', [['email_verified', 'true']], 'administrator')).toEqual(invalid('email', schemaText('email: The attribute email is required')));
  });
  it('hold no preferred name before the account is confirmed, where that is an alias', () => {
    const name: AttributeList = [['preferred_username', 'countess']];
    expect(person(aliased, 'ada', name)).toEqual(
      invalid('preferred_username', 'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.'));
    expect(person(aliased, 'ada', name, 'user', { confirmed: true })).toMatchObject({ attributes: name });
    expect(person(aliased, 'ada', name, 'administrator')).toMatchObject({ attributes: name });
    expect(person(plain, 'ada', name)).toMatchObject({ attributes: name });
  });
});

describe('addresses', () => {
  it.each(['a@b.c', 'ada.l+tag@sub.example.com', "o'neil@example.ie", 'ä@bücher.example', '用户@例子.公司', 'x_y-z@a-b.co'])('take %s', (email) =>
    expect(person(plain, 'ada', [['email', email]])).toMatchObject({ username: 'ada' }));
  it.each([
    'ada', 'ada@', '@example.com', 'ada@example', 'ada@example.', 'ada@.com', 'a@b@c.d', 'a b@c.d', 'a@b c.d', 'a,b@c.d', 'a;b@c.d', '<a@c.d>', '"a"@c.d', 'a@c.d\r\nBcc: e@v.il',
    'a(b)@c.d', 'a:b@c.d', 'a@c.d,', 'a\\@c.d', 'a@[127.0.0.1]',
  ])('C10: refuse %j', (email) => expect(person(plain, 'ada', [['email', email]])).toEqual(invalid('email', 'Invalid email address format.')));
  it.each(['+12025550100', '+49301234567', '+12345'])('take %s', (phone) => expect(person(plain, 'ada', [['phone_number', phone]])).toMatchObject({ username: 'ada' }));
  it.each(['12025550100', '+1 202 555', '+0123456789', '+1234', '+1234567890123456', '+1202555010a', '+12025550100,+1900'])('refuse %j', (phone) =>
    expect(person(plain, 'ada', [['phone_number', phone]])).toEqual(invalid('phone_number', 'Invalid phone number format.')));
  it('judge any text in no time worth mentioning', () => fc.assert(fc.property(fc.string({ maxLength: 2048, unit: fc.constantFrom('a', '.', '@', '-', '+') }), (text) => {
    expect(['AttributeInvalid', undefined]).toContain((person(plain, 'ada', [['email', text]]) as { code?: string }).code);
  })));
});
