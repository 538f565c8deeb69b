import { DomainError } from '@rollcall/kernel';

interface AttributeRule {
  readonly Name: string;
  readonly Mutable: boolean;
  readonly Required: boolean;
}

type Attributes = ReadonlyMap<string, string>;
const PREFIX = 'userAttributes.';

/** `userAttributes.<name>` of an answer to NEW_PASSWORD_REQUIRED, by name. */
export const attributesAnswered = (responses: Iterable<readonly [string, string]>): Attributes =>
  new Map([...responses].filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => [key.slice(PREFIX.length), value]));

/** Names of required attributes that the user has no value for; `sub` is never given. */
export const missingRequired = (schema: readonly AttributeRule[], current: Attributes): readonly string[] =>
  schema.filter(({ Name, Required }) => Required && Name !== 'sub' && !current.has(Name)).map(({ Name }) => Name);

/** As the challenge names them. */
export const asParameter = (name: string): string => `${PREFIX}${name}`;

/**
 * The attributes that an answer changes. One that has a value already is passed over if it is sent back unchanged, as
 * clients do that return all they got.
 *
 * @param mayWrite whether the app client may write an attribute
 * @returns the refusal, instead, where a required or immutable attribute would change, may not be written, or is missing
 * @see API reference, RespondToAuthChallenge: in this challenge a required attribute that has a value cannot be changed
 */
export function newAttributes(given: Attributes, current: Attributes, schema: readonly AttributeRule[], mayWrite: (name: string) => boolean): Attributes | DomainError {
  const changed = new Map([...given].filter(([name, value]) => current.get(name) !== value));
  for (const name of changed.keys()) {
    const rule = schema.find(({ Name }) => Name === name);
    if (rule && !mayWrite(name)) return new DomainError('AttributeNotWritable', { attribute: name });
    if (rule && current.has(name) && (rule.Required || !rule.Mutable)) return new DomainError('InvalidParameter', { reason: `Cannot modify an already provided ${name}` });
  }
  const missing = missingRequired(schema, new Map([...current, ...[...changed].filter(([, value]) => value !== '')]));
  if (missing.length > 0) return new DomainError('InvalidParameter', { reason: `Invalid attributes given, ${missing.join(' and ')} is missing` });
  return changed;
}
