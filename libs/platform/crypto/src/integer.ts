/** The integer that big-endian bytes write; 0 for none. */
export const integerOf = (bytes: Uint8Array): bigint => (bytes.byteLength === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`));

/** Hex of a non-negative integer with an even number of digits. */
export function evenHex(integer: bigint): string {
  const digits = integer.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

/**
 * The minimal big-endian two's complement of a non-negative integer, as Java's `BigInteger.toByteArray` writes it: no leading
 * zeros, except one when the top bit is set. SRP hashes every integer in this form.
 */
export function paddedBytes(integer: bigint): Buffer {
  const hex = evenHex(integer);
  return Buffer.from(hex.charAt(0) >= '8' ? `00${hex}` : hex, 'hex');
}

/** Big-endian in exactly so many bytes. @throws {RangeError} if it does not fit */
export function fixedBytes(integer: bigint, length: number): Buffer {
  const hex = integer.toString(16).padStart(length * 2, '0');
  if (hex.length !== length * 2) throw new RangeError(`an integer does not fit into ${length} bytes`);
  return Buffer.from(hex, 'hex');
}
