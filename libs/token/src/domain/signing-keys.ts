import { accept, unreachable, type Decider, type EpochSeconds } from '@rollcall/kernel';

import { keyUses, signingKeyActivated, type KeyUse, type PublicJwk, type SigningKeyEvent } from './signing-key.events.js';

/** A pool's key with the times at which its standing changes, so that processes agree on it without talking. */
export interface SigningKey {
  readonly use: KeyUse;
  readonly publicJwk: PublicJwk;
  readonly publishedAt: EpochSeconds;
  readonly activeFrom: EpochSeconds;
  /** Absent until a successor is named. */
  readonly retireAt?: EpochSeconds;
}

/** The keys of one pool, in the order in which they came. Stream `token.keys-<poolId>`. */
export type SigningKeys = readonly SigningKey[];

/** `fresh` are used only for what is missing: whoever made them and lost throws them away. */
export type SigningKeysCommand = Readonly<{ do: 'ensure'; now: EpochSeconds; fresh: Readonly<Record<KeyUse, PublicJwk>> }>;

export const signingKeysDecider: Decider<SigningKeysCommand, SigningKeys, SigningKeyEvent> = {
  initial: [],
  decide({ now, fresh }, keys) {
    const missing = keyUses.filter((use) => signingKeyFor(keys, use, now) === undefined);
    // Published and active at once: no token of this use was ever signed, so no client has cached a set without it.
    return accept(...missing.map((use) => signingKeyActivated({ use, publicJwk: fresh[use], publishedAt: now, activeFrom: now })));
  },
  evolve(keys, event) {
    switch (event.type) {
      case 'token.signing-key.activated': return [...keys, event.data];
      case 'token.signing-key.retired':
        return keys.map((key) => (key.publicJwk.kid === event.data.kid ? { ...key, retireAt: event.data.retireAt } : key));
      default: return unreachable(event);
    }
  },
};

const isRetired = (key: SigningKey, now: EpochSeconds): boolean => key.retireAt !== undefined && key.retireAt <= now;

/**
 * The key that signs now: of those active, the one that became so last. A process whose clock is behind that of the key's
 * maker finds none active, and signs with the one that will be first.
 */
export function signingKeyFor(keys: SigningKeys, use: KeyUse, now: EpochSeconds): SigningKey | undefined {
  const usable = keys.filter((key) => key.use === use && !isRetired(key, now)).sort((a, b) => a.activeFrom - b.activeFrom);
  return usable.findLast(({ activeFrom }) => activeFrom <= now) ?? usable[0];
}

/** What the JWK set holds now: keys that will sign, that sign, and whose last tokens may still be in use. */
export const publishedKeys = (keys: SigningKeys, now: EpochSeconds): readonly PublicJwk[] =>
  keys.filter((key) => !isRetired(key, now)).map(({ publicJwk }) => publicJwk);

/** How a key that a token names stands as a signer of tokens of one use; `unknown` too if it signs another use. */
export function standingOf(keys: SigningKeys, kid: string, use: KeyUse, now: EpochSeconds): 'accepted' | 'retired' | 'unknown' {
  const key = keys.find(({ publicJwk, ...of }) => publicJwk.kid === kid && of.use === use);
  if (!key) return 'unknown';
  return isRetired(key, now) ? 'retired' : 'accepted';
}
