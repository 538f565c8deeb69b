import { clientSettings, refusal, type DirectoryPort, type TokenPort, type wire } from '@rollcall/contracts';
import { epochSeconds } from '@rollcall/kernel';

import { REPEAT_MILLIS, type Family } from '../domain/refresh-rules.js';
import type { Families } from './families.js';
import { mint, type MintingNeeds } from './minting.js';
import type { RefreshTokens } from './refresh-tokens.js';

export interface IssueNeeds extends MintingNeeds {
  readonly directory: Pick<DirectoryPort, 'getUser' | 'clientContext'>;
  readonly families: Families;
  readonly refreshTokens: RefreshTokens;
}

/**
 * Tokens after a proof. The user is read once more, and must still be who was proved: a password reset or a sign-out
 * between proof and tokens wins. The family is born with the generation that was proved, so that even what happens after
 * this read ends it.
 */
export const issue = (needs: IssueNeeds): TokenPort['issue'] =>
  async (request, call) => {
    const { poolId, clientId, sub } = request;
    const { client } = await needs.directory.clientContext({ clientId }, call);
    if (client?.poolId !== poolId) throw refusal('ClientNotFound', { clientId });
    const user = await needs.directory.getUser({ poolId, by: { $case: 'sub', value: sub } }, call);
    call.effects.sub = sub;
    if (!user.enabled) throw refusal('UserDisabled');
    if (user.sessionGeneration !== request.sessionGeneration || user.credentialId !== request.credentialId) throw refusal('UserChangedMeanwhile');

    const settings = clientSettings(client.settingsJson);
    const begin = async (requestKey: string | undefined) => {
      const family = familyOf(request, needs.ids.derive(requestKey, `family ${request.sessionGeneration}`, 0));
      const refreshToken = await needs.refreshTokens.make(requestKey, family.family);
      // Signed before the family is kept: whatever fails, no family is left that nobody has a token of.
      const tokens = await mint(needs)({ user, client: settings, family }, call);
      const bornMillisAgo = await needs.families.begin(family, needs.refreshTokens.hash(refreshToken), settings.refreshTokenSeconds, call);
      return { tokens: { ...tokens, refreshToken }, bornMillisAgo };
    };
    const { tokens, bornMillisAgo } = await begin(call.requestKey);
    // The same request again is answered with the same family; the same words much later are another sign-in.
    if (bornMillisAgo === undefined || bornMillisAgo < REPEAT_MILLIS) return tokens;
    return (await begin(undefined)).tokens;
  };

const familyOf = (request: wire.token.IssueRequest, family: string): Family => ({
  family,
  poolId: request.poolId,
  clientId: request.clientId,
  sub: request.sub,
  scopes: request.scopes,
  amr: request.amr,
  authTime: epochSeconds(request.authTime),
  deviceKey: request.deviceKey,
  parentSession: request.parentSession,
  generation: request.sessionGeneration,
});

