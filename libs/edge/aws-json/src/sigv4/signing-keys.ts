import { LRUCache } from 'lru-cache';

import type { SigningKey, SigningKeyOf, SigningKeyQuery } from './verify.js';

/** A key that was withdrawn is refused within this time: architecture, section 5. */
const KEPT_MS = 1_000;
const MOST_KEYS = 1_000;

/**
 * Keeps signing keys for one second from the start of their fetch, so that an administrator's script costs one look-up a
 * second. Callers that ask for the same key while it is fetched share the answer. Unknown keys are not kept.
 */
export function signingKeysKept(fetch: SigningKeyOf): SigningKeyOf {
  const kept = new LRUCache<string, Promise<SigningKey | undefined>>({ max: MOST_KEYS, ttl: KEPT_MS });
  return (query) => {
    const name = nameOf(query);
    const known = kept.get(name);
    if (known) return known;
    const fetched = fetch(query);
    kept.set(name, fetched);
    const forget = () => { if (kept.peek(name) === fetched) kept.delete(name); };
    fetched.then((key) => { if (!key) forget(); }, forget);
    return fetched;
  };
}

const nameOf = ({ accessKeyId, sessionToken, day, region, service }: SigningKeyQuery): string =>
  JSON.stringify([accessKeyId, sessionToken, day, region, service]);
