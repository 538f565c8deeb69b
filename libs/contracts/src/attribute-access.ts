import type { ClientSettings } from './client-settings.js';
import { standardAttributes } from './schema-attributes.js';

const verifiedFlags: ReadonlySet<string> = new Set(['email_verified', 'phone_number_verified']);
const standardNames: ReadonlySet<string> = new Set(standardAttributes.map(({ Name }) => Name));

/**
 * Which attributes a client may read: those it lists, by default the standard ones; `sub` always.
 * @see Amazon Cognito API reference, CreateUserPoolClient, ReadAttributes
 */
export function readableBy({ ReadAttributes }: Pick<ClientSettings, 'ReadAttributes'>): (name: string) => boolean {
  if (!ReadAttributes) return (name) => standardNames.has(name);
  const listed = new Set(ReadAttributes);
  return (name) => name === 'sub' || listed.has(name);
}

/**
 * Which attributes a client may write for its users: those it lists, by default the standard ones; never `sub`,
 * `identities` or what says that an address is verified.
 */
export function writableBy({ WriteAttributes }: Pick<ClientSettings, 'WriteAttributes'>): (name: string) => boolean {
  const listed = WriteAttributes ? new Set(WriteAttributes) : standardNames;
  return (name) => listed.has(name) && !verifiedFlags.has(name) && name !== 'sub' && name !== 'identities';
}
