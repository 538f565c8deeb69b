import type { ClientId, PoolId } from '@rollcall/kernel';

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LOWER_ALPHANUMERIC = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * Writes UUIDs in the digits of an alphabet. Each gives 120 bits: its version and variant digits are left out. The bias
 * of the last digits is below 2^-60.
 */
function digitsOf(uuids: readonly string[], alphabet: string, length: number): string {
  let rest = BigInt(`0x${uuids.map((uuid) => uuid.replaceAll('-', '').replace(/^(.{12}).(.{3}).(.*)$/, '$1$2$3')).join('')}`);
  const base = BigInt(alphabet.length);
  let text = '';
  while (text.length < length) {
    text += alphabet.charAt(Number(rest % base));
    rest /= base;
  }
  return text;
}

/** `<region>_<9 characters of [0-9A-Za-z]>`. */
export const poolIdFrom = (region: string, uuid: string): PoolId => `${region}_${digitsOf([uuid], ALPHANUMERIC, 9)}` as PoolId;

/** 26 characters of `[a-z0-9]`, which hold more than one UUID. */
export const clientIdFrom = (first: string, second: string): ClientId => digitsOf([first, second], LOWER_ALPHANUMERIC, 26) as ClientId;
