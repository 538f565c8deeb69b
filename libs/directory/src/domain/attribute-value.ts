import type { AttributeSchema } from './attribute-schema.js';

/**
 * Letters of any script, digits and the marks that RFC 5322 lets stand unquoted, in labels divided by dots. Nothing that
 * a mail program could take for a second address or the end of a header.
 */
const email = /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u;
/** E.164: a plus and up to 15 digits. */
const phoneNumber = /^\+[1-9]\d{4,14}$/;
const boolean = /^(?:true|false)$/i;
const wholeNumber = /^-?\d{1,15}$/;
/** RFC 3339 with an optional time, or seconds since 1970. */
const dateTime = /^(?:\d{1,12}|\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?)$/;

const isDateTime = (value: string): boolean => dateTime.test(value) && !(value.includes('-') && Number.isNaN(Date.parse(value)));

/** Of any attribute of a user. @see API reference, AttributeType */
const MOST_CHARACTERS = 2_048;

export const isEmail = (value: string): boolean => email.test(value);
export const isPhoneNumber = (value: string): boolean => phoneNumber.test(value);

/** A value as it is kept: truth values have one spelling, everything else stays as it was typed. */
export const keptValue = ({ AttributeDataType }: AttributeSchema, value: string): string =>
  AttributeDataType === 'Boolean' ? value.toLowerCase() : value;

/**
 * The rule that a value breaks, as the API's message; `undefined` if none. A value that is blank is no value, not a wrong one:
 * callers leave it out before.
 */
export function brokenValueRule(schema: AttributeSchema, value: string): string | undefined {
  if (schema.Name === 'email' && !isEmail(value)) return 'Invalid email address format.';
  if (schema.Name === 'phone_number' && !isPhoneNumber(value)) return 'Invalid phone number format.';
  const broken = brokenBound(schema, value);
  return broken === undefined ? undefined : `Attributes did not conform to the schema: ${schema.Name}: ${broken}`;
}

function brokenBound(schema: AttributeSchema, value: string): string | undefined {
  if (value.includes('\0')) return 'The value must not contain a NUL character';
  switch (schema.AttributeDataType) {
    case 'Boolean': return boolean.test(value) ? undefined : 'The value must be true or false';
    case 'DateTime': return isDateTime(value) ? undefined : 'The value must be a date';
    case 'Number': return brokenNumber(schema, value);
    default: return brokenLength(schema, value);
  }
}

function brokenNumber({ NumberAttributeConstraints: { MinValue, MaxValue } = {} }: AttributeSchema, value: string): string | undefined {
  if (!wholeNumber.test(value)) return 'The value must be a whole number';
  if (MinValue !== undefined && Number(value) < Number(MinValue)) return `The value must be at least ${MinValue}`;
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) return `The value must be at most ${MaxValue}`;
  return undefined;
}

function brokenLength({ StringAttributeConstraints: { MinLength, MaxLength } = {} }: AttributeSchema, value: string): string | undefined {
  const characters = [...value].length;
  const most = Math.min(Number(MaxLength ?? MOST_CHARACTERS), MOST_CHARACTERS);
  if (characters < Number(MinLength ?? 0)) return `The value must have at least ${MinLength} characters`;
  if (characters > most) return `The value must have at most ${most} characters`;
  return undefined;
}
