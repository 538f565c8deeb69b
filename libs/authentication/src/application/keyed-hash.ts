import { createHmac, randomBytes } from 'node:crypto';

import type { CallContext } from '@rollcall/contracts';
import type { ServiceKeys } from '@rollcall/eventing';

/** HMAC-SHA-256 over parts that cannot run into each other. */
export const keyedHash = (key: Uint8Array, ...parts: readonly string[]): Buffer => createHmac('sha256', key).update(JSON.stringify(parts)).digest();

/** Whom a name means, as decision rows know it. */
export type Whom = { readonly sub: string } | { readonly name: string };

/**
 * The key of a person's decision rows (hex): one for all aliases of a user; a name that means nobody has one of its own,
 * so that it locks and spends alike.
 */
export async function personKey(keys: Pick<ServiceKeys, 'serviceKey'>, poolId: string, whom: Whom): Promise<string> {
  const key = await keys.serviceKey('person');
  return ('sub' in whom ? keyedHash(key, poolId, 'sub', whom.sub) : keyedHash(key, poolId, 'name', whom.name)).toString('hex');
}

/** Marks rows that this request used up, so that its repeat is known again; `undefined` without an invocation id. */
export async function requestMark(keys: Pick<ServiceKeys, 'serviceKey'>, { requestKey }: CallContext): Promise<string | undefined> {
  return requestKey === undefined ? undefined : keyedHash(await keys.serviceKey('request'), requestKey).toString('hex');
}

/** As `requestMark`, but one that no other request has where this one cannot be told from others. */
export const useMark = async (keys: Pick<ServiceKeys, 'serviceKey'>, call: CallContext): Promise<string> =>
  (await requestMark(keys, call)) ?? randomBytes(32).toString('hex');
