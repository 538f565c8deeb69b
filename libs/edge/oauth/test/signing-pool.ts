import { createHmac, createPublicKey } from 'node:crypto';

import { noEffects, refusal, type CallContext, type TokenPort, type wire } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';
import { generateRsaKeyPair, jwtHeader, rsaPrivateKey, signJwt, signRs256, type RsaKeyPair } from '@rollcall/platform-crypto';

export const poolId = 'us-east-1_Abc123xyz';
export const otherPoolId = 'us-east-1_Def456uvw';
export const clientId = 'app0client0000000000000000';
export const sub = '5a1f0c9e-7a55-4b0e-9a53-0d6f1a2b3c4d';
export const family = 'f0000000-0000-4000-8000-000000000000';
export const now = 1_700_000_000;
export const issuer = (pool: string): string => `https://id.example.com/${pool}`;

export const call = (): CallContext => ({
  correlationId: 'c', operation: 'GetUser', deadline: epochMillis(now * 1000 + 10_000), caller: { kind: 'anonymous', id: '' }, clientMetadata: {}, effects: noEffects(),
});

export const accessClaims: Readonly<Record<string, unknown>> = {
  sub, client_id: clientId, iss: issuer(poolId), token_use: 'access', version: 2, scope: 'aws.cognito.signin.user.admin', username: 'ada',
  auth_time: now - 10, iat: now - 10, exp: now + 3_590, jti: 'j', origin_jti: family, event_id: 'e',
};

export const signedBy = ({ kid, privateDer }: RsaKeyPair, claims: object, header = jwtHeader(kid)): Promise<string> =>
  signJwt(header, claims, (data) => signRs256(rsaPrivateKey(privateDer), data));

export const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Of a token that names RS256's public key as the secret of HS256. */
export const hmacSigned = (pair: RsaKeyPair, claims: object): string => {
  const content = `${encoded({ kid: pair.kid, alg: 'HS256' })}.${encoded(claims)}`;
  const pem = createPublicKey({ key: { ...pair.publicJwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return `${content}.${createHmac('sha256', pem).update(content).digest('base64url')}`;
};

/** Two pools with a key each, and a token service that notes what it is asked. */
export async function signingPools() {
  const [mine, other] = await Promise.all([generateRsaKeyPair(), generateRsaKeyPair()]);
  const sets = new Map([[poolId, [mine]], [otherPoolId, [other]]]);
  const checked: wire.token.CheckRequest[] = [];
  let fetched = 0;
  let answer: () => Promise<wire.common.Done> = async () => ({});
  const token: Pick<TokenPort, 'publicKeys' | 'check'> = {
    async publicKeys({ poolId: pool }) {
      fetched += 1;
      const keys = sets.get(pool);
      if (!keys) throw refusal('PoolNotFound', { poolId: pool });
      return { jwksJson: JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }) };
    },
    async check(request) {
      checked.push(request);
      return answer();
    },
  };
  return {
    token, mine, other, sets, checked,
    fetched: () => fetched,
    checkAnswers: (with_: () => Promise<wire.common.Done>) => { answer = with_; },
  };
}
export type SigningPools = Awaited<ReturnType<typeof signingPools>>;
