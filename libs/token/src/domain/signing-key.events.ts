import { defineEvent, typeOf, type EpochSeconds, type EventOf } from '@rollcall/kernel';

/** What a key signs: Cognito signs ID and access tokens of a pool with different keys, and so do we. */
export type KeyUse = 'id' | 'access';
export const keyUses: readonly KeyUse[] = ['id', 'access'];

/** A public RSA key as a JWK set publishes it (RFC 7517). */
export interface PublicJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: 'RS256';
  readonly use: 'sig';
}

type Activated = Readonly<{
  use: KeyUse;
  publicJwk: PublicJwk;
  /** In the JWK set since. */
  publishedAt: EpochSeconds;
  /** Signs from then on, later than it is published where clients may have cached a set without it. */
  activeFrom: EpochSeconds;
}>;

/** Names a vault row; the private half never leaves the vault. */
export const signingKeyActivated = defineEvent('token.signing-key.activated', { data: typeOf<Activated>() });

/** From `retireAt` on, neither published nor accepted, whatever it has signed. */
export const signingKeyRetired = defineEvent('token.signing-key.retired', { data: typeOf<Readonly<{ kid: string; retireAt: EpochSeconds }>>() });

export const signingKeyEvents = { signingKeyActivated, signingKeyRetired };
export type SigningKeyEvent = EventOf<typeof signingKeyEvents>;
