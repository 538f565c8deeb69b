/** Holds the private keys; nobody else sees one. */
export interface Signer {
  /** A compact RS256 token. @throws {DomainError} `PoolNotFound` if the pool's keys are destroyed */
  sign(poolId: string, kid: string, claims: object): Promise<string>;
  /** Drops a pool's keys from memory. */
  forget(poolId: string): void;
}
