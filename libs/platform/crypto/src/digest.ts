import { createHash, createHmac, type KeyObject } from 'node:crypto';

/** SHA-256; a text is hashed as UTF-8. */
export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** HMAC-SHA-256 (RFC 2104); texts are UTF-8. */
export const hmacSha256 = (key: string | Uint8Array | KeyObject, data: string | Uint8Array): Buffer =>
  createHmac('sha256', key).update(data).digest();
