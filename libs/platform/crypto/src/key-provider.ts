import { hkdfSync } from 'node:crypto';
import { open, seal, SealBroken } from './seal.js';

export const MASTER_KEY_BYTES = 32;
const KEY_ID_BYTES = 8;

/** Wraps the keys of a service under a master key that never lies in the database. */
export interface KeyProvider {
  /** Names the master that wraps now: 16 hex digits, no secret. */
  readonly keyId: string;
  wrap(service: string, bytes: Uint8Array): Promise<Buffer>;
  /** @throws {SealBroken} if the blob is of another service or a master that is not here, or was changed */
  unwrap(service: string, blob: Uint8Array): Promise<Buffer>;
}

const derived = (master: Uint8Array, info: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', master, new Uint8Array(0), info, bytes));

/** A service's key-encryption key: all that a process holds which runs this service apart. 32 bytes. */
export const deriveServiceKey = (master: Uint8Array, service: string): Buffer => derived(master, `rollcall/v1/${service}`, 32);

const keyIdOf = (master: Uint8Array): Buffer => derived(master, 'rollcall/v1-key-id', KEY_ID_BYTES);

/**
 * A provider over masters held in memory. A wrapped blob is the master's id (8 bytes), then the seal.
 *
 * @param current wraps, and unwraps
 * @param older unwrap only, for as long as a rotation takes to rewrap what they wrapped
 */
export function masterKeyProvider(current: Uint8Array, older: readonly Uint8Array[] = []): KeyProvider {
  const masters = new Map([...older, current].map((master) => [keyIdOf(master).toString('hex'), master]));
  const keyId = keyIdOf(current);
  const aadOf = (id: string, service: string): string => `wrap/v1|${id}|${service}`;
  return {
    keyId: keyId.toString('hex'),
    async wrap(service, bytes) {
      return Buffer.concat([keyId, seal(deriveServiceKey(current, service), bytes, aadOf(keyId.toString('hex'), service))]);
    },
    async unwrap(service, blob) {
      const id = Buffer.from(blob.subarray(0, KEY_ID_BYTES)).toString('hex');
      const master = masters.get(id);
      if (!master) throw new SealBroken(`wrapped under master key ${id}, which is not here`);
      return open(deriveServiceKey(master, service), blob.subarray(KEY_ID_BYTES), aadOf(id, service));
    },
  };
}
