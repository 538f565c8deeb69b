import { describe, expect, it } from '@jest/globals';
import { specification } from '@rollcall/eventing/testing';
import { epochSeconds } from '@rollcall/kernel';

import { signingKeyActivated, signingKeyRetired, type KeyUse, type PublicJwk } from '../src/domain/signing-key.events.js';
import { publishedKeys, signingKeyFor, signingKeysDecider, standingOf } from '../src/domain/signing-keys.js';

const given = specification(signingKeysDecider);
const at = (second: number) => epochSeconds(1_700_000_000 + second);
const jwk = (kid: string): PublicJwk => ({ kty: 'RSA', n: 'n', e: 'AQAB', kid, alg: 'RS256', use: 'sig' });
const active = (kid: string, use: KeyUse, publishedAt = 0, activeFrom = publishedAt) =>
  signingKeyActivated({ use, publicJwk: jwk(kid), publishedAt: at(publishedAt), activeFrom: at(activeFrom) });
const kids = (keys: readonly PublicJwk[]) => keys.map(({ kid }) => kid);

describe('the signing keys of a pool', () => {
  const ensure = (now: number) => ({ do: 'ensure', now: at(now), fresh: { id: jwk('fresh id'), access: jwk('fresh access') } }) as const;

  it('are two, one for each kind of token, published and active at once', () =>
    given().when(ensure(0)).then(active('fresh id', 'id'), active('fresh access', 'access')));

  it('are made once', () => given(active('i', 'id'), active('a', 'access')).when(ensure(5)).then());

  it('are not made again by a process whose clock is behind', () => given(active('i', 'id'), active('a', 'access')).when(ensure(-5)).then());

  it('are made anew where the last one was withdrawn', () =>
    given(active('i', 'id'), active('a', 'access'), signingKeyRetired({ kid: 'i', retireAt: at(10) })).when(ensure(10)).then(active('fresh id', 'id', 10)));
});

describe('a rotation of signing keys', () => {
  const keys = given(
    active('i', 'id'), active('a', 'access'),
    active('a2', 'access', 100, 3_700), signingKeyRetired({ kid: 'a', retireAt: at(90_200) }),
  ).state();

  it('publishes the successor before it signs', () => {
    expect(kids(publishedKeys(keys, at(100)))).toEqual(['i', 'a', 'a2']);
    expect(signingKeyFor(keys, 'access', at(3_699))?.publicJwk.kid).toBe('a');
    expect(signingKeyFor(keys, 'access', at(3_700))?.publicJwk.kid).toBe('a2');
  });

  it('keeps the old one until its last token has expired', () => {
    expect(kids(publishedKeys(keys, at(90_199)))).toEqual(['i', 'a', 'a2']);
    expect(kids(publishedKeys(keys, at(90_200)))).toEqual(['i', 'a2']);
    expect(standingOf(keys, 'a', 'access', at(90_199))).toBe('accepted');
    expect(standingOf(keys, 'a', 'access', at(90_200))).toBe('retired');
  });

  it('serves a process whose clock is behind', () => {
    expect(signingKeyFor(keys, 'access', at(-5))?.publicJwk.kid).toBe('a');
    expect(standingOf(keys, 'a', 'access', at(-5))).toBe('accepted');
    expect(kids(publishedKeys(keys, at(-5)))).toContain('a');
  });

  it('does not change the key of the other use', () => expect(signingKeyFor(keys, 'id', at(4_000))?.publicJwk.kid).toBe('i'));

  it('accepts no token of a key that signs another use, or is not of the pool', () => {
    expect(standingOf(keys, 'i', 'access', at(0))).toBe('unknown');
    expect(standingOf(keys, 'x', 'access', at(0))).toBe('unknown');
  });
});
