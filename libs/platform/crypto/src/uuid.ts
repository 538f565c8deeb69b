import { randomBytes, randomUUID } from 'node:crypto';
import type { EpochMillis } from '@rollcall/kernel';
import { hmacSha256 } from './digest.js';

/** A random UUID, version 4. */
export const uuidV4 = (): string => randomUUID();

/** A UUID of version 7 (RFC 9562 section 5.7): sorts by its millisecond, 74 random bits. */
export function uuidV7(now: EpochMillis): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return uuidOf(bytes, 7);
}

/**
 * The `n`-th id that a request makes: the same again when the request is repeated, and random to whoever lacks the key. Its
 * form is version 4, for many clients check a `sub` against the versions 1 to 5 only.
 *
 * @param requestKeyHex names the request within its service (call context)
 */
export const derivedUuid = (key: Uint8Array, requestKeyHex: string, n: number): string =>
  uuidOf(hmacSha256(key, `uuid|${requestKeyHex}|${n}`), 4);

function uuidOf(bytes: Buffer, version: 4 | 7): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
