import { describe, expect, it } from '@jest/globals';
import { DomainError, epochSeconds } from '@rollcall/kernel';
import { specification } from '@rollcall/eventing/testing';

import { familyDecider } from '../src/domain/family-revocation.js';
import { familyRevoked } from '../src/domain/family.events.js';
import { judgeOwner, judgeToken, type KeptFamily, type PresentedToken, type RefreshAttempt } from '../src/domain/refresh-rules.js';
import { tokenForm } from '../src/domain/refresh-token.js';

const family: KeptFamily = {
  family: 'f1', poolId: 'pool', clientId: 'client', sub: 'ada', scopes: [], amr: [], authTime: epochSeconds(1_700_000_000), generation: 3, expired: false,
};
const fresh: PresentedToken = { family, revokedByThisRequest: false };
const rotating: RefreshAttempt = { poolId: 'pool', clientId: 'client', graceMillis: 10_000 };
const notRotating: RefreshAttempt = { ...rotating, graceMillis: undefined };
const judged = (presented: PresentedToken, attempt = rotating) => {
  const verdict = judgeToken(presented, attempt);
  return verdict instanceof DomainError ? verdict.code : verdict;
};

describe('a refresh token', () => {
  it('passes again and again where the client does not rotate', () => expect(judged(fresh, notRotating)).toBe('pass'));
  it('is exchanged where the client rotates', () => expect(judged(fresh)).toBe('rotate'));
  it('gets a sibling within the grace', () => expect(judged({ ...fresh, rotatedMillisAgo: 9_999 })).toBe('sibling'));
  it('is reused when the grace is over', () => expect(judged({ ...fresh, rotatedMillisAgo: 10_000 })).toBe('reused'));
  it('is reused at once without grace', () => expect(judged({ ...fresh, rotatedMillisAgo: 0 }, { ...rotating, graceMillis: 0 })).toBe('reused'));
  it('is reused, too, when the client has since ceased to rotate', () => expect(judged({ ...fresh, rotatedMillisAgo: 1 }, notRotating)).toBe('reused'));
  it('passes again for the same request for a minute', () => {
    expect(judged({ ...fresh, rotatedMillisAgo: 59_999, repeatedMillisAgo: 59_999 })).toBe('repeat');
    expect(judged({ ...fresh, rotatedMillisAgo: 60_000, repeatedMillisAgo: 60_000 })).toBe('reused');
  });
  it('is refused when its family has expired or is revoked', () => {
    expect(judged({ ...fresh, family: { ...family, expired: true } })).toBe('RefreshTokenExpired');
    expect(judged({ ...fresh, family: { ...family, revoked: 'request' } })).toBe('RefreshTokenRevoked');
  });
  it('is refused alike when the request that revealed its reuse is repeated', () =>
    expect(judged({ family: { ...family, revoked: 'reuse' }, rotatedMillisAgo: 1, revokedByThisRequest: true })).toBe('RefreshTokenReused'));
  it('of another client or pool is unknown, and its reuse goes unnoticed', () => {
    expect(judged({ ...fresh, rotatedMillisAgo: 1 }, { ...rotating, clientId: 'other' })).toBe('RefreshTokenInvalid');
    expect(judged({ ...fresh, rotatedMillisAgo: 1 }, { ...rotating, poolId: 'other' })).toBe('RefreshTokenInvalid');
  });
});

describe('a session', () => {
  const owner = { enabled: true, sessionGeneration: 3 };
  it('counts while its generation is the user\'s', () => expect(judgeOwner(family, owner)).toBeUndefined());
  it('ends with the generation', () => expect(judgeOwner(family, { ...owner, sessionGeneration: 4 })?.code).toBe('RefreshTokenRevoked'));
  it('is never of a generation to come', () => expect(judgeOwner(family, { ...owner, sessionGeneration: 2 })?.code).toBe('RefreshTokenRevoked'));
  it('outlives the generation when it is the one that was spared', () => {
    expect(judgeOwner(family, { ...owner, sessionGeneration: 4, sparedFamily: 'f1' })).toBeUndefined();
    expect(judgeOwner(family, { ...owner, sessionGeneration: 4, sparedFamily: 'f2' })?.code).toBe('RefreshTokenRevoked');
  });
  it('does not help a user who is disabled', () => expect(judgeOwner(family, { ...owner, enabled: false })?.code).toBe('UserDisabled'));
});

describe('the log of a family', () => {
  const given = specification(familyDecider);
  const revocation = { family: 'f1', poolId: 'pool', clientId: 'client', sub: 'ada', reason: 'reuse', at: epochSeconds(1_700_000_000) } as const;
  it('tells of its revocation', () => given().when({ do: 'record-revocation', ...revocation }).then(familyRevoked(revocation)));
  it('tells it once', () => given(familyRevoked(revocation)).when({ do: 'record-revocation', ...revocation, reason: 'request' }).then());
});

describe('B14: the form of a refresh token', () => {
  const token = `r1.${'A'.repeat(43)}`;
  it('is exact', () => expect(tokenForm(token)).toBe('refresh'));
  it.each([token.slice(0, -1), `${token}A`, `${token}.`, ` ${token}`, `${token}\n`, token.replace('r1', 'r2'), token.replace('A', '+'), ''])('refuses %j', (text) =>
    expect(tokenForm(text)).toBe('other'));
  it('is never that of a signed token', () => expect(tokenForm('eyJh.eyJz.c2ln')).toBe('jwt'));
});
