import type { AttributeSchema } from './attribute-schema.js';

/** What the rules look at of a new pool's settings. */
export interface NewPoolSettings {
  readonly AliasAttributes: readonly string[];
  readonly UsernameAttributes: readonly string[];
  /** As given: custom attributes without their prefix. */
  readonly Schema: readonly Partial<AttributeSchema>[];
}

const MOST_CUSTOM_ATTRIBUTES = 50;
/** Rollcall's own statements about a user, in every pool alike: no schema gives them another meaning. */
const builtIn: ReadonlySet<string> = new Set(['identities', 'email_verified', 'phone_number_verified']);

/**
 * The first rule that a new pool's settings break.
 * @returns a sentence without any value that was typed but names of attributes; `undefined` if all rules hold
 */
export function brokenPoolRule({ AliasAttributes, UsernameAttributes, Schema }: NewPoolSettings, standard: readonly AttributeSchema[]): string | undefined {
  if (AliasAttributes.length > 0 && UsernameAttributes.length > 0)
    return 'Only one of the aliasAttributes or usernameAttributes can be set in a user pool.';
  const isStandard = (name: string | undefined) => standard.some((attribute) => attribute.Name === name);
  if (Schema.filter(({ Name }) => !isStandard(Name)).length > MOST_CUSTOM_ATTRIBUTES)
    return `A user pool can have up to ${MOST_CUSTOM_ATTRIBUTES} custom attributes.`;
  const names = new Set<string>();
  for (const given of Schema) {
    if (!given.Name) return 'An attribute of the schema needs a name.';
    if (names.has(given.Name)) return `The attribute ${given.Name} is given twice in the schema.`;
    names.add(given.Name);
    if (builtIn.has(given.Name)) return `The attribute ${given.Name} is built into every user pool.`;
    const broken = isStandard(given.Name) ? brokenByStandard(given, standard) : brokenByCustom(given);
    if (broken ?? boundsReversed(given)) return broken ?? `The bounds of the attribute ${given.Name} exclude every value.`;
  }
  return undefined;
}

function brokenByStandard(given: Partial<AttributeSchema>, standard: readonly AttributeSchema[]): string | undefined {
  const { AttributeDataType } = standard.find(({ Name }) => Name === given.Name) ?? {};
  const changesType = given.AttributeDataType !== undefined && given.AttributeDataType !== AttributeDataType;
  if (!changesType && !given.DeveloperOnlyAttribute) return undefined;
  return `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${given.Name}`;
}

function brokenByCustom(given: Partial<AttributeSchema>): string | undefined {
  if (given.Required) return 'Required custom attributes are not supported currently.';
  if (given.AttributeDataType === undefined) return 'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.';
  return undefined;
}

function boundsReversed({ StringAttributeConstraints: text, NumberAttributeConstraints: number }: Partial<AttributeSchema>): boolean {
  const reversed = (least: string | undefined, most: string | undefined) => !(Number(least ?? 0) <= Number(most ?? Infinity));
  return reversed(text?.MinLength, text?.MaxLength) || reversed(number?.MinValue ?? '-Infinity', number?.MaxValue);
}
