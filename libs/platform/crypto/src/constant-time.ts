import { timingSafeEqual } from 'node:crypto';

const bytesOf = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? Buffer.from(value, 'utf8') : value);

/**
 * Whether two secrets are equal, in a time that tells nothing but their lengths. Texts are compared as UTF-8 bytes, so other
 * Unicode forms of the same characters differ.
 */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const left = bytesOf(a);
  const right = bytesOf(b);
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
