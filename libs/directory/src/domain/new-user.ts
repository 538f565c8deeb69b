import { DomainError, nameForm } from '@rollcall/kernel';

import { attributeInvalid, checkedAttributes, missingAttributes, requiredText, withProofsReset, type Attributes, type Giver } from './attributes.js';
import { brokenValueRule, isEmail, isPhoneNumber } from './attribute-value.js';
import type { NameAttribute, PoolPolicy } from './pool-policy.js';
import type { AttributeList } from './user.events.js';

export interface NewUser {
  readonly sub: string;
  /** As typed: where the pool signs in by e-mail address or phone number, one of these. */
  readonly typed: string;
  readonly attributes: AttributeList;
  readonly confirmed: boolean;
}

export interface Person {
  readonly username: string;
  readonly attributes: Attributes;
  readonly nameAttribute?: NameAttribute;
}

/** @see API reference, UsernameType */
const usernamePattern = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;

/**
 * Whom a sign-up or an administrator makes, by the pool's rules.
 * @returns `AttributeInvalid` (attribute `username` for the name itself) or `AttributeNotWritable` if it breaks one
 */
export function newPerson({ sub, typed, attributes: given, confirmed }: NewUser, policy: PoolPolicy, giver: Giver): Person | DomainError {
  const checked = checkedAttributes(given, policy, giver);
  if (checked instanceof DomainError) return checked;
  const named = policy.UsernameAttributes.length > 0 ? namedByAttribute(sub, typed, checked, policy) : namedFreely(typed, checked, policy);
  if (named instanceof DomainError) return named;
  const { attributes } = named;

  if (giver === 'user') {
    const missing = missingAttributes(attributes, policy);
    if (missing[0] !== undefined) return attributeInvalid(missing[0], requiredText(missing));
    if (!confirmed && policy.AliasAttributes.includes('preferred_username') && attributes.has('preferred_username'))
      return attributeInvalid('preferred_username',
        'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.');
    return { ...named, attributes: withProofsReset(attributes, new Map()) };
  }
  for (const name of ['email', 'phone_number']) {
    if (attributes.get(`${name}_verified`) === 'true' && !attributes.has(name)) return attributeInvalid(name, requiredText([name]));
  }
  return named;
}

/** The user's name is its sub, for life; what was typed is an attribute that it signs in by. */
function namedByAttribute(sub: string, typed: string, attributes: Attributes, { UsernameAttributes, SchemaAttributes }: PoolPolicy): Person | DomainError {
  const nameAttribute = UsernameAttributes.find((kind) => (kind === 'email' ? isEmail(typed) : isPhoneNumber(typed)));
  if (!nameAttribute) return attributeInvalid('username', formText(UsernameAttributes));
  const given = attributes.get(nameAttribute);
  if (given !== undefined && given !== typed)
    return attributeInvalid(nameAttribute, `Attributes did not conform to the schema: ${nameAttribute}: The attribute ${nameAttribute} differs from the username`);
  const schema = SchemaAttributes.find(({ Name }) => Name === nameAttribute);
  const rule = schema && brokenValueRule(schema, typed);
  if (rule !== undefined) return attributeInvalid(nameAttribute, rule);
  return { username: sub, attributes: new Map([...attributes, [nameAttribute, typed]]), nameAttribute };
}

function formText(kinds: readonly NameAttribute[]): string {
  if (kinds.length > 1) return 'Username should be either an email or a phone number.';
  return kinds[0] === 'email' ? 'Username should be an email.' : 'Username should be a phone number.';
}

/**
 * Kept in the one form of names: a simulated user, too, is shown in that form, whatever was typed (K1). A name in the
 * form of an alias could be taken for somebody's who has that alias.
 */
function namedFreely(typed: string, attributes: Attributes, { AliasAttributes, UsernameConfiguration }: PoolPolicy): Person | DomainError {
  const username = nameForm(typed, UsernameConfiguration.CaseSensitive);
  if (!usernamePattern.test(username)) return attributeInvalid('username', 'Username must have 1 to 128 characters and no spaces.');
  if (AliasAttributes.includes('email') && isEmail(username))
    return attributeInvalid('username', 'Username cannot be of email format, since user pool is configured for email alias.');
  if (AliasAttributes.includes('phone_number') && isPhoneNumber(username))
    return attributeInvalid('username', 'Username cannot be of phone number format, since user pool is configured for phone number alias.');
  return { username, attributes };
}
