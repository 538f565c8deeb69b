import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** What a seal adds to its content: version byte, nonce and tag. */
export const SEAL_OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** 32 bytes; as a secret `KeyObject` where it is used often: 3 µs instead of 16. */
export type SealingKey = Uint8Array | KeyObject;

/** A blob that was not sealed under this key for this purpose, or has been changed since. Never says which. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Seals bytes: version byte, random 96-bit nonce, AES-256-GCM ciphertext, 128-bit tag.
 *
 * @param key a random nonce allows 2^32 seals per key (NIST SP 800-38D section 8.3)
 * @param aad what the blob is for and whom it belongs to; `open` needs the very same, so a blob moved to another row does not open
 */
export function seal(key: SealingKey, plaintext: Uint8Array, aad: string): Buffer {
  if (bytesIn(key) !== KEY_BYTES) throw new RangeError('a sealing key has 32 bytes');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound(aad));
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return Buffer.concat([Buffer.of(VERSION), nonce, ciphertext, cipher.getAuthTag()]);
}

/** @throws {SealBroken} for anything that `seal` did not make with this key and `aad` */
export function open(key: SealingKey, blob: Uint8Array, aad: string): Buffer {
  if (bytesIn(key) !== KEY_BYTES || blob.byteLength < SEAL_OVERHEAD_BYTES || blob[0] !== VERSION) throw new SealBroken('seal broken');
  const end = blob.byteLength - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bound(aad)).setAuthTag(blob.subarray(end));
  const plaintext = decipher.update(blob.subarray(1 + NONCE_BYTES, end));
  try {
    decipher.final();
  } catch {
    throw new SealBroken('seal broken'); // OpenSSL's own error carries nothing more
  }
  return plaintext;
}

const bytesIn = (key: SealingKey): number | undefined => ('byteLength' in key ? key.byteLength : key.symmetricKeySize);

/** The version is authenticated too: a later format cannot be passed off as this one. */
const bound = (aad: string): Buffer => Buffer.concat([Buffer.of(VERSION), Buffer.from(aad, 'utf8')]);
