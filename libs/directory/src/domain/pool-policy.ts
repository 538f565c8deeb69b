import type { AttributeSchema } from './attribute-schema.js';

export type NameAttribute = 'email' | 'phone_number';
export type AliasAttribute = NameAttribute | 'preferred_username';

/** What the rules about users look at of a pool's settings, in the API's names. */
export interface PoolPolicy {
  readonly AliasAttributes: readonly AliasAttribute[];
  readonly UsernameAttributes: readonly NameAttribute[];
  readonly UsernameConfiguration: { readonly CaseSensitive: boolean };
  readonly SchemaAttributes: readonly AttributeSchema[];
}
