import { describe, expect, it } from '@jest/globals';
import { standardAttributes } from '@rollcall/contracts';

import { brokenPoolRule } from '../src/domain/pool-rules.js';

const rule = (settings: Partial<Parameters<typeof brokenPoolRule>[0]>) =>
  brokenPoolRule({ AliasAttributes: [], UsernameAttributes: [], Schema: [], ...settings }, standardAttributes);
const custom = (Name: string, more = {}) => ({ Name, AttributeDataType: 'String' as const, ...more });

describe('rules of a new pool', () => {
  it.each([
    ['nothing', {}],
    ['aliases', { AliasAttributes: ['email', 'preferred_username'] }],
    ['user names', { UsernameAttributes: ['email'] }],
    ['a required standard attribute', { Schema: [{ Name: 'email', Required: true }] }],
    ['a standard attribute with its own type', { Schema: [{ Name: 'updated_at', AttributeDataType: 'Number' as const }] }],
    ['50 custom attributes', { Schema: Array.from({ length: 50 }, (_, n) => custom(`n${n}`)) }],
    ['bounds', { Schema: [custom('a', { StringAttributeConstraints: { MinLength: '2', MaxLength: '2' } })] }],
    ['a lower bound alone', { Schema: [custom('a', { AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '-5' } })] }],
  ])('allow %s', (_what, settings) => expect(rule(settings)).toBeUndefined());

  it.each([
    ['both kinds of names', { AliasAttributes: ['email'], UsernameAttributes: ['email'] }, 'Only one of the aliasAttributes or usernameAttributes can be set in a user pool.'],
    ['a required custom attribute', { Schema: [custom('a', { Required: true })] }, 'Required custom attributes are not supported currently.'],
    ['another type of a standard attribute', { Schema: [{ Name: 'email', AttributeDataType: 'Number' as const }] },
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email'],
    ['a hidden standard attribute', { Schema: [{ Name: 'email', DeveloperOnlyAttribute: true }] },
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email'],
    ['a custom attribute without a type', { Schema: [{ Name: 'a' }] }, 'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.'],
    ['an attribute without a name', { Schema: [{}] }, 'An attribute of the schema needs a name.'],
    ['an attribute twice', { Schema: [custom('a'), custom('a')] }, 'The attribute a is given twice in the schema.'],
    ['J10: a meaning of its own for identities', { Schema: [custom('identities')] }, 'The attribute identities is built into every user pool.'],
    ['C14: a meaning of its own for email_verified', { Schema: [custom('email_verified')] }, 'The attribute email_verified is built into every user pool.'],
    ['51 custom attributes', { Schema: Array.from({ length: 51 }, (_, n) => custom(`n${n}`)) }, 'A user pool can have up to 50 custom attributes.'],
    ['lengths the wrong way round', { Schema: [custom('a', { StringAttributeConstraints: { MinLength: '3', MaxLength: '2' } })] }, 'The bounds of the attribute a exclude every value.'],
    ['bounds that are no numbers', { Schema: [custom('a', { StringAttributeConstraints: { MaxLength: 'many' } })] }, 'The bounds of the attribute a exclude every value.'],
    ['values the wrong way round', { Schema: [custom('a', { AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '1', MaxValue: '0' } })] },
      'The bounds of the attribute a exclude every value.'],
  ])('refuse %s', (_what, settings, reason) => expect(rule(settings)).toBe(reason));
});
