import { refusal, type wire } from '@rollcall/contracts';

/** Attributes that ListUsers filters by. @see Amazon Cognito API reference, ListUsers */
const filterable: ReadonlySet<string> = new Set([
  'username', 'email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username', 'cognito:user_status', 'status', 'sub',
]);

/** `attribute = "value"` or `attribute ^= "value"`; in the value a backslash escapes a quote or a backslash. */
const clause = /^\s*([\w:]+)\s*(=|\^=)\s*"((?:[^"\\]|\\["\\])*)"\s*$/;

/**
 * The one clause that a Filter may be; an empty one is none.
 * @throws {DomainError} `InvalidParameter` for any other text
 */
export function filterIn(text: string | undefined): wire.directory.UserFilter | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const [, attribute, sign, value] = clause.exec(text) ?? [];
  if (attribute === undefined || value === undefined) throw refusal('InvalidParameter', { reason: 'Error while parsing filter' });
  if (!filterable.has(attribute)) throw refusal('InvalidParameter', { reason: 'One or more requested filter attributes are not supported' });
  return { attribute, comparison: sign === '=' ? 'equals' : 'starts-with', value: value.replace(/\\(["\\])/g, '$1') };
}
