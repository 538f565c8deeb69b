import type { EpochMillis } from '@rollcall/kernel';

import type { Subject, Transaction } from './event-store.js';

/** Random keys of one service, made on first use and kept wrapped: for HMACs, and for sealed texts that a service hands out. */
export interface ServiceKeys {
  /** 32 bytes, the same for ever and in every process of the service. */
  serviceKey(name: string): Promise<Buffer>;
  /** 32 bytes of one pool, derived from the pool's key; gone with it. @throws {KeyDestroyed} */
  poolKey(poolId: string, name: string): Promise<Buffer>;
}

/** The key that would open this is destroyed: what it sealed is erased. */
export class KeyDestroyed extends Error {
  override readonly name = 'KeyDestroyed';
}

export interface VaultEntry {
  readonly poolId: string;
  /** A sub, a client id, or what else the secret belongs to. */
  readonly owner: string;
  readonly id: string;
  readonly kind: string;
}

/** Secrets: sealed rows under the pool's key, never in events, read models or logs. */
export interface Vault {
  /** Puts a secret under a new id: it overwrites nothing. The same entry again is no error and changes nothing. */
  put(entry: VaultEntry, secret: Uint8Array, tx?: Transaction): Promise<void>;
  get(entry: VaultEntry): Promise<Buffer | undefined>;
  /** All secrets of an owner, the newest first. */
  list(poolId: string, owner: string): Promise<readonly { readonly id: string; readonly kind: string; readonly secret: Buffer; readonly madeAt: EpochMillis }[]>;
  delete(entry: Omit<VaultEntry, 'kind'>, tx?: Transaction): Promise<void>;
  deleteOwner(poolId: string, owner: string, tx?: Transaction): Promise<void>;
  deletePool(poolId: string, tx?: Transaction): Promise<void>;
}

/** Sealing of personal data outside events: under the person's key, or the pool's where nobody is known. */
export interface Sealing {
  /** @param purpose binds the result to its place (table and row); opening for another purpose fails */
  sealFor(subject: { readonly poolId: string; readonly sub?: string | undefined }, purpose: string, plain: Uint8Array): Promise<Buffer>;
  /** `undefined` when the key is destroyed. */
  openFor(subject: { readonly poolId: string; readonly sub?: string | undefined }, purpose: string, sealed: Uint8Array): Promise<Buffer | undefined>;
  /** Costs what looking for a person's key costs, for a sub that nobody has: who measures an answer must not learn that. Makes no key. */
  pretend(subject: Subject): Promise<void>;
}
