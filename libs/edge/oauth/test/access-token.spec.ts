import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { refusal } from '@rollcall/contracts';
import { epochMillis, type DomainError } from '@rollcall/kernel';
import { generateRsaKeyPair, type RsaKeyPair } from '@rollcall/platform-crypto';

import { accessTokenVerifier, type AccessToken } from '../src/access-token.js';
import {
  accessClaims, call, clientId, encoded, family, hmacSigned, issuer, now, otherPoolId, poolId, signedBy, signingPools, sub, type SigningPools,
} from './signing-pool.js';

let pools: SigningPools;
let nowMillis = now * 1000;
let verify: (token: string) => Promise<AccessToken>;
beforeAll(async () => { pools = await signingPools(); });
beforeEach(() => {
  nowMillis = now * 1000;
  const verifier = accessTokenVerifier({ token: pools.token, issuer, clock: { now: () => epochMillis(nowMillis) } });
  verify = (token) => verifier(token, call());
  pools.checked.length = 0;
  pools.checkAnswers(async () => ({}));
});

const mine = (changes: object = {}, header?: string) => signedBy(pools.mine, { ...accessClaims, ...changes }, header);
/** Code and details of the refusal, or `ok`. */
const outcome = (token: string) => verify(token).then(() => 'ok', ({ code, details }: DomainError) => ({ code, details }));
const whose = { poolId, clientId, sub };

describe('a good access token', () => {
  it('says whom it stands for, and its family is asked after', async () => {
    expect(await verify(await mine())).toEqual({ poolId, clientId, sub, username: 'ada', scopes: ['aws.cognito.signin.user.admin'], originJti: family });
    expect(pools.checked).toEqual([{ poolId, clientId, sub, kid: pools.mine.kid, issuedAt: now - 10, originJti: family }]);
  });

  it('names its family in event_id where its client has no token revocation', async () => {
    expect(await verify(await mine({ origin_jti: undefined, jti: undefined, event_id: family }))).toMatchObject({ originJti: family });
  });

  it('may have more scopes than the one that is needed', async () =>
    expect((await verify(await mine({ scope: 'openid aws.cognito.signin.user.admin' }))).scopes).toEqual(['openid', 'aws.cognito.signin.user.admin']));
});

describe('an access token is refused', () => {
  it('from the second in which it expires', async () => {
    const token = await mine();
    nowMillis = (now + 3_590) * 1000 - 1;
    expect(await outcome(token)).toBe('ok');
    nowMillis += 1;
    expect(await outcome(token)).toEqual({ code: 'AccessTokenExpired', details: whose });
  });

  it('without the scope of the API, also with one that only begins so', async () => {
    for (const scope of ['openid', '', 'aws.cognito.signin.user.administrator']) expect(await outcome(await mine({ scope }))).toEqual({ code: 'ScopeMissing', details: whose });
    expect(pools.checked).toEqual([]);
  });

  it.each(['AccessTokenRevoked', 'AccessTokenInvalid', 'UserNotFound', 'UserDisabled'] as const)('when the token service says %s, and its user is named for the audit', async (code) => {
    pools.checkAnswers(() => Promise.reject(refusal(code)));
    expect(await outcome(await mine())).toEqual({ code, details: whose });
  });

  it('when the token service cannot be reached', async () => {
    pools.checkAnswers(() => Promise.reject(new Error('connection lost')));
    await expect(verify(await mine())).rejects.toThrow('connection lost');
  });
});

describe('what is no access token of ours', () => {
  /** Those of the tokens that were not refused as invalid, before anybody was asked about them. */
  const taken = async (...tokens: readonly (string | Promise<string>)[]): Promise<readonly unknown[]> => {
    const outcomes = [];
    for (const token of tokens) outcomes.push(await outcome(await token));
    return [...outcomes.filter((each) => typeof each === 'string' || each.code !== 'AccessTokenInvalid' || Object.keys(each.details).length > 0), ...pools.checked];
  };

  it('B14: something else altogether', async () => expect(await taken('', 'x', 'a.b', 'a.b.c', 'a.b.c.d', 'r1.abc', '..', 'null.null.null', 'bnVsbA.bnVsbA.bnVsbA')).toEqual([]));
  it('B14: a token that is cut, lengthened or has a changed claim', async () => {
    const token = await mine();
    const [header, , signature] = token.split('.');
    const forged = `${header}.${encoded({ ...accessClaims, username: 'bob' })}.${signature}`;
    expect(await taken(token.slice(0, -1), `${token}A`, `${token}.`, `${token} `, ` ${token}`, forged)).toEqual([]);
  });
  it('a token longer than any of ours', async () => expect(await taken(mine({ padding: 'x'.repeat(20_000) }))).toEqual([]));

  it('B11: a token without signature', async () => {
    expect(await taken(...['none', 'None', 'NONE'].map((alg) => `${encoded({ kid: pools.mine.kid, alg })}.${encoded(accessClaims)}.`))).toEqual([]);
  });
  it('B11: a token that uses the public key as a secret', async () => expect(await taken(hmacSigned(pools.mine, accessClaims))).toEqual([]));
  it('B11: a token whose header steers the check', async () => {
    const { kid, publicJwk } = pools.mine;
    const steering = [{ crit: ['exp'] }, { jwk: publicJwk }, { jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example/x' }, { x5c: [] }, { b64: false }];
    expect(await taken(...steering.map((more) => mine({}, encoded({ kid, alg: 'RS256', ...more }))))).toEqual([]);
  });
  it('B11: a token that names another algorithm of the same key', async () => expect(await taken(mine({}, encoded({ kid: pools.mine.kid, alg: 'RS512' })))).toEqual([]));

  it('B12: an ID token, and a token of no kind or another', async () =>
    expect(await taken(...['id', 'refresh', undefined, 'Access'].map((use) => mine({ token_use: use })))).toEqual([]));

  it('B22: a token signed by a stranger\'s key under the kid of ours', async () => {
    const stranger: RsaKeyPair = { ...await generateRsaKeyPair(), kid: pools.mine.kid };
    expect(await taken(signedBy(stranger, accessClaims))).toEqual([]);
  });
  it('B22: a token signed by another pool\'s key, whichever pool it names', async () =>
    expect(await taken(signedBy(pools.other, accessClaims), mine({ iss: issuer(otherPoolId) }))).toEqual([]));
  it('B22: a token whose kid is a path, a query or nothing', async () => {
    const kids = ['../../dev/null', "' or 1=1 --", '', '__proto__'].map((kid) => mine({}, encoded({ kid, alg: 'RS256' })));
    expect(await taken(...kids, mine({}, encoded({ alg: 'RS256' })))).toEqual([]);
  });

  it('a token of another issuer, though it ends in our pool\'s id', async () => {
    const others = [`https://evil.example/${poolId}`, `${issuer(poolId)}/`, issuer('us-east-1_Abc123xyz/../us-east-1_Abc123xyz'), poolId, undefined, 7];
    expect(await taken(...others.map((iss) => mine({ iss })))).toEqual([]);
  });
  it('a token of a pool that is not there', async () => expect(await taken(mine({ iss: issuer('us-east-1_nobody000') }))).toEqual([]));
  it('a token that lacks a claim', async () => {
    const lacking = ['sub', 'client_id', 'username', 'scope', 'exp', 'iat'].map((claim) => mine({ [claim]: undefined }));
    expect(await taken(...lacking, mine({ origin_jti: undefined, event_id: undefined }), mine({ exp: String(now + 3_600) }))).toEqual([]);
  });
});

describe('public keys', () => {
  it('are fetched once a minute, whoever asks at once', async () => {
    const before = pools.fetched();
    const token = await mine();
    await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(pools.fetched() - before).toBe(1);
    nowMillis += 59_999;
    await verify(token);
    expect(pools.fetched() - before).toBe(1);
    nowMillis += 1;
    await verify(token);
    expect(pools.fetched() - before).toBe(2);
  });

  it('are fetched again for a new kid, but not for each one that somebody invents', async () => {
    const next = await generateRsaKeyPair();
    await verify(await mine());
    const before = pools.fetched();
    pools.sets.set(poolId, [pools.mine, next]);
    const invented = await mine({}, encoded({ kid: 'invented', alg: 'RS256' }));
    await Promise.all(Array.from({ length: 20 }, () => outcome(invented)));
    expect(pools.fetched() - before).toBe(0);
    nowMillis += 5_000;
    expect(await outcome(await signedBy(next, accessClaims))).toBe('ok');
    await Promise.all(Array.from({ length: 20 }, () => outcome(invented)));
    expect(pools.fetched() - before).toBe(1);
    pools.sets.set(poolId, [pools.mine]);
  });

  it('are asked for again when they could not be had', async () => {
    const token = await mine();
    let reachable = false;
    const verifier = accessTokenVerifier({
      issuer,
      clock: { now: () => epochMillis(nowMillis) },
      token: { ...pools.token, publicKeys: (request, context) => (reachable ? pools.token.publicKeys(request, context) : Promise.reject(new Error('connection lost'))) },
    });
    await expect(verifier(token, call())).rejects.toThrow('connection lost');
    reachable = true;
    expect((await verifier(token, call())).username).toBe('ada');
  });
});
