import { randomBytes } from 'node:crypto';
import { hmacSha256 } from './digest.js';

/** Random bytes as base64url: 32 bytes make 43 characters. */
export const randomBase64Url = (bytes: number): string => randomBytes(bytes).toString('base64url');

/**
 * A random text over an alphabet, every character equally likely.
 * @throws {RangeError} unless the alphabet has 2 to 256 characters of one code unit each, all different
 */
export const randomId = (alphabet: string, length: number): string => drawn(alphabet, length, () => randomBytes(length + 16));

/**
 * The `n`-th id of this kind that a request makes: the same again when the request is repeated, and random to whoever lacks
 * the key.
 *
 * @throws {RangeError} as `randomId`
 */
export const derivedId = (key: Uint8Array, requestKeyHex: string, n: number, alphabet: string, length: number): string =>
  drawn(alphabet, length, (block) => hmacSha256(key, `id|${requestKeyHex}|${n}|${block}`));

/** A byte beyond the largest multiple of the alphabet's size is thrown away: taking it modulo would favour the first characters. */
function drawn(alphabet: string, length: number, bytesOf: (block: number) => Uint8Array): string {
  if (alphabet.length < 2 || alphabet.length > 256 || new Set(alphabet).size !== alphabet.length) throw new RangeError('unusable alphabet');
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  for (let block = 0; text.length < length; block++) {
    for (const byte of bytesOf(block)) {
      if (byte < limit && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
