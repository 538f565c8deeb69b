/** What is kept of a password; sealed in the vault, all of it. */
export interface StoredCredential {
  readonly salt: Uint8Array;
  /** SRP verifier. Password flows check it too: it is the cheaper half of the pair, and leaks no more than the pair does. */
  readonly verifier: Uint8Array;
  /** argon2id as a PHC string: for the day when the verifier goes. Absent in what is made up for unknown users. */
  readonly argon2?: string;
}

/** Whom a password belongs to. */
export interface PasswordOf {
  readonly poolId: string;
  /** The internal name: USER_ID_FOR_SRP. */
  readonly username: string;
}

/** The client's answer to the second leg of SRP, as it was sent. */
export interface SrpClaim {
  readonly secretBlock: string;
  readonly signature: string;
  readonly timestamp: string;
}

/**
 * The costly work on passwords, in bounded lanes. `source` is whose account a job waits on.
 * All throw {DomainError}: `TooManyRequests`, `DeadlineExceeded`, `Unavailable`.
 */
export interface Passwords {
  /** @throws {DomainError} `InvalidParameter` above 1,024 bytes or if it is not well-formed Unicode */
  make(of: PasswordOf & { readonly password: string }, source: string): Promise<StoredCredential>;
  /** @throws {DomainError} as `make` */
  matches(of: PasswordOf & { readonly password: string }, stored: StoredCredential, source: string): Promise<boolean>;
  /** Whether the stored hash was made with weaker parameters than those of today. */
  needsRenewal(stored: StoredCredential): boolean;
  /** First leg of SRP. @throws {DomainError} `InvalidParameter` for an A that is no usable number (0 modulo N among them) */
  srpStart(A: string, stored: StoredCredential, source: string): Promise<{ readonly B: string; readonly state: Uint8Array }>;
  /** Second leg: whether the client knew the password. */
  srpFinish(of: PasswordOf, state: Uint8Array, stored: StoredCredential, claim: SrpClaim, source: string): Promise<boolean>;
  /** Whether a TIMESTAMP has the one right form and lies within five minutes of now. */
  isTimely(timestamp: string): boolean;
}
