import type { PoolSettings } from '@rollcall/contracts';

import { looksLikeAddress } from '../domain/names.js';
import { keyedHash } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';
import type { StoredCredential } from './passwords.js';

/** What stands in for a user who does not exist, so that the same work is done and the same answers are given. */
export interface SimulatedUser {
  readonly sub: string;
  readonly username: string;
  readonly credentialId: string;
  readonly stored: StoredCredential;
}

const SALT_BYTES = 16;
const VERIFIER_BLOCKS = 12; // of 32 bytes: the group has 3072 bits

/**
 * Everything follows from the pool's key and the name, so that asking again gives the same salt and the same user name
 * (RFC 5054 section 2.5.1.3). Nobody knows a password for it: its verifier is no power that anybody has computed.
 *
 * @param name in normal form
 */
export async function simulatedUser(
  { keys, ids }: Pick<AuthenticationNeeds, 'keys' | 'ids'>,
  poolId: string,
  { UsernameAttributes, AliasAttributes }: PoolSettings,
  name: string,
): Promise<SimulatedUser> {
  const key = await keys.poolKey(poolId, 'simulation');
  const id = (what: string) => ids.derive(keyedHash(key, what, name).toString('hex'), what, 0);
  const sub = id('sub');
  const verifier = Buffer.concat(Array.from({ length: VERIFIER_BLOCKS }, (_, block) => keyedHash(key, 'verifier', String(block), name)));
  verifier.writeUInt8(verifier.readUInt8(0) & 0x7f, 0); // below the group's prime
  const isAlias = AliasAttributes.length > 0 && looksLikeAddress(name);
  return {
    sub,
    username: UsernameAttributes.length > 0 ? sub : isAlias ? id('username') : name,
    credentialId: id('credential'),
    stored: { salt: keyedHash(key, 'salt', name).subarray(0, SALT_BYTES), verifier },
  };
}
