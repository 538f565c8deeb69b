import { DomainError } from '@rollcall/kernel';

import type { AttributeSchema } from './attribute-schema.js';
import { brokenValueRule, keptValue } from './attribute-value.js';
import type { PoolPolicy } from './pool-policy.js';
import type { AttributeList } from './user.events.js';

export type Attributes = ReadonlyMap<string, string>;

/** Who gives the attributes: a user may say who it is, but not that it is proved, nor what others say of it. */
export type Giver = 'user' | 'administrator';

const verifiedFlags = new Set(['email_verified', 'phone_number_verified']);
/** Rollcall's own statements about a user. */
const ours = new Set(['sub', 'identities']);

export const attributeInvalid = (attribute: string, rule: string): DomainError => new DomainError('AttributeInvalid', { attribute, rule });

/**
 * Attributes as they are kept, each checked by itself; blank ones are left out, as no value.
 * @returns `AttributeInvalid{attribute, rule}` or `AttributeNotWritable{attribute}` for the first that breaks a rule
 */
export function checkedAttributes(given: AttributeList, { SchemaAttributes }: PoolPolicy, giver: Giver): Attributes | DomainError {
  const attributes = new Map<string, string>();
  for (const [name, value] of given) {
    const schema = SchemaAttributes.find(({ Name }) => Name === name);
    if (!schema) return attributeInvalid(name, unknownText(name, giver));
    if (!mayGive(schema, giver)) return giver === 'user' ? new DomainError('AttributeNotWritable', { attribute: name }) : cannotBeUpdated(name);
    if (attributes.has(name)) return attributeInvalid(name, `Attributes did not conform to the schema: ${name}: The attribute ${name} is given twice`);
    if (value === '') continue;
    const rule = brokenValueRule(schema, value);
    if (rule !== undefined) return attributeInvalid(name, rule);
    attributes.set(name, keptValue(schema, value));
  }
  return attributes;
}

/** The two texts are what Cognito answers to a user and to an administrator. */
const unknownText = (name: string, giver: Giver): string =>
  `Attributes did not conform to the schema: ${giver === 'user' ? `${name}: Attribute does not exist in the schema.` : `Type for attribute {${name}} could not be determined`}`;

export const cannotBeUpdated = (name: string): DomainError => attributeInvalid(name, `user.${name}: Attribute cannot be updated.`);

const mayGive = ({ Name, DeveloperOnlyAttribute }: AttributeSchema, giver: Giver): boolean =>
  !ours.has(Name) && (giver === 'administrator' || !(verifiedFlags.has(Name) || DeveloperOnlyAttribute));

/** Names of the pool's required attributes that have no value. `sub` is required, and never given. */
export const missingAttributes = (attributes: Attributes, { SchemaAttributes }: PoolPolicy): readonly string[] =>
  SchemaAttributes.filter(({ Name, Required }) => Required && Name !== 'sub' && !attributes.has(Name)).map(({ Name }) => Name);

export const requiredText = (names: readonly string[]): string =>
  `Attributes did not conform to the schema: ${names.map((name) => `${name}: The attribute ${name} is required`).join('\n')}`;

/** An address that is new to the user is not proved to be the user's. */
export function withProofsReset(changed: Attributes, before: Attributes): Attributes {
  const result = new Map(changed);
  for (const name of ['email', 'phone_number']) {
    if (changed.has(name) && changed.get(name) !== before.get(name) && !changed.has(`${name}_verified`)) result.set(`${name}_verified`, 'false');
  }
  return result;
}
