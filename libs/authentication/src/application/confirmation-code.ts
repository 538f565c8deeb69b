import { timingSafeEqual } from 'node:crypto';

import type { ServiceKeys } from '@rollcall/eventing';

import { codeFrom } from '../domain/code.js';
import type { Delivery } from '../domain/delivery.js';
import type { CodeKey } from './code-requests.js';
import { keyedHash } from './keyed-hash.js';

/**
 * A code is derived whenever it is needed and kept nowhere (E10). Its destination goes in too: a code proves only the
 * address that it was sent to.
 */
export async function codeFor(keys: Pick<ServiceKeys, 'poolKey'>, { poolId, sub, purpose }: CodeKey, requestId: string, { attribute, destination }: Delivery): Promise<string> {
  const key = await keys.poolKey(poolId, 'codes');
  return codeFrom(keyedHash(key, poolId, sub, purpose, requestId, attribute, destination));
}

/** Compares in a time that tells nothing of the code. */
export function isCode(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
