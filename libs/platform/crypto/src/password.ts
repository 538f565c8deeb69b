import { DomainError } from '@rollcall/kernel';

const MAX_BYTES = 1_024;

/**
 * The bytes of a password as they are hashed: UTF-8 of exactly what came. Nothing is cut, normalised or trimmed, so other
 * Unicode forms, bytes behind a NUL and bytes beyond the 72nd all count.
 *
 * @throws {DomainError} `InvalidParameter` above 1,024 bytes (a longer one would only be work), and for a lone surrogate: all of
 *   those have the same UTF-8 bytes, so different passwords would be equal
 */
export function passwordBytes(password: string): Buffer {
  if (password.length > MAX_BYTES || Buffer.byteLength(password, 'utf8') > MAX_BYTES) throw refusal(`A password has at most ${MAX_BYTES} bytes.`);
  if (/\p{Surrogate}/u.test(password)) throw refusal('A password must be well-formed Unicode.');
  return Buffer.from(password, 'utf8');
}

const refusal = (reason: string): DomainError => new DomainError('InvalidParameter', { reason });
