import type { KeyObject } from 'node:crypto';
import type { Job } from './jobs.js';
import type { PowerPath } from './power.js';
import type { RsaKeyPair } from './rsa-key.js';
import type { SrpAnswer, SrpIdentity, SrpStarted } from './srp.js';

/** A password as it was given, and whom it is for. */
export interface OfferedPassword extends SrpIdentity {
  readonly password: string;
}

/** What is stored of a password: to be sealed, all of it. */
export interface Credential {
  /** Salt of 16 random bytes, verifier of 384. */
  readonly srp?: { readonly salt: Buffer; readonly verifier: Buffer };
  /** A PHC string. */
  readonly argon2?: string;
}

/** What a password is checked against. For a user who does not exist: material of the same kind that the caller made up. */
export type StoredPassword =
  | { readonly kind: 'verifier'; readonly salt: Uint8Array; readonly verifier: Uint8Array }
  | { readonly kind: 'argon2'; readonly phc: string };

export interface PasswordCheck {
  readonly matches: boolean;
  /** The hash was made with weaker or older parameters than those of today. Means nothing unless it matches. */
  readonly needsRehash: boolean;
}

export type CountedJob = Job | 'signRs256' | 'generateRsaKeyPair';

/**
 * The costly cryptography, in coarse jobs. SRP and argon2id each have a bounded lane, so neither can starve the other or the
 * event loop; `source` is whose account a job waits on (an address block, or a pool) and may hold a quarter of a lane's queue.
 *
 * All methods that take a `source` throw {DomainError}: `TooManyRequests` at once when the lane is full, `DeadlineExceeded`,
 * `Unavailable` after `close`, and `InvalidParameter` for a password above 1,024 bytes or one that is not well-formed Unicode.
 */
export interface CryptoPort {
  /** Random salts each time. @param kinds what to make; with none of them there is nothing to store */
  makeCredential(of: OfferedPassword & { readonly kinds: { readonly verifier: boolean; readonly argon2: boolean } }, source: string): Promise<Credential>;
  checkPassword(of: OfferedPassword & { readonly against: StoredPassword }, source: string): Promise<PasswordCheck>;
  /** SRP's first leg. @throws {DomainError} `InvalidParameter` for an A that is unusable */
  srpStart(of: { readonly A: string; readonly verifier: Uint8Array }, source: string): Promise<SrpStarted>;
  /** SRP's second leg: whether the client knew the password. */
  srpFinish(answer: SrpAnswer, source: string): Promise<boolean>;
  signRs256(key: KeyObject, data: Uint8Array): Promise<Buffer>;
  generateRsaKeyPair(): Promise<RsaKeyPair>;

  /** Jobs begun since the start, by kind: a metric, and the proof that two requests cost the same work. */
  counts(): Readonly<Record<CountedJob, number>>;
  /** How each SRP seat computes powers: a metric. */
  powerPaths(): readonly PowerPath[];
  /**
   * Makes powers twice as fast, at 1.5 to 3 CPU seconds per SRP seat, one seat after another. Call it after listening. Workers
   * serve on meanwhile; inline, the calling thread is blocked.
   */
  prepare(): Promise<void>;
  /** Refuses new jobs, finishes those admitted, ends the workers. */
  close(): Promise<void>;
}
