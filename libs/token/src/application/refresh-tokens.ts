/** The secrets that clients hold. They are made and hashed here; nobody keeps them. */
export interface RefreshTokens {
  /**
   * A new token: random, or where the request may be repeated derived from it under a key of the service, so that the
   * repeat is answered with the same token although only its hash is kept.
   * @param from what it succeeds: a family, or the token that it is exchanged for
   */
  make(requestKey: string | undefined, from: string): Promise<string>;
  hash(token: string): Uint8Array;
}
