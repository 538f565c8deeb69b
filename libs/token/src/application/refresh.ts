import { clientSettings, refusal, type CallContext, type ClientSettings, type DirectoryPort, type TokenPort, type wire } from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';

import { judgeOwner, judgeToken, type Family, type RefreshAttempt } from '../domain/refresh-rules.js';
import { tokenForm } from '../domain/refresh-token.js';
import type { Families } from './families.js';
import { mint, type MintingNeeds } from './minting.js';
import type { RefreshTokens } from './refresh-tokens.js';
import { endFamily, type RevocationNeeds } from './revocations.js';

export interface RefreshNeeds extends MintingNeeds, RevocationNeeds {
  readonly directory: Pick<DirectoryPort, 'getUser' | 'clientContext'>;
  readonly families: Families;
  readonly refreshTokens: RefreshTokens;
}

/** Each round but the last has seen somebody else's change to the same token. */
const ROUNDS = 4;

/**
 * New ID and access tokens for a refresh token; user and groups are read anew, the sign-in's own facts stay. Where the
 * client rotates, the token is exchanged as the very last act, so that nobody loses one without having got another.
 */
export const refresh = (needs: RefreshNeeds): TokenPort['refresh'] =>
  async (request, call) => {
    const { clientId, poolId, mayRotate } = request;
    const { client } = await needs.directory.clientContext({ clientId }, call);
    if (!client || client.poolId !== poolId || tokenForm(request.refreshToken) !== 'refresh') throw refusal('RefreshTokenInvalid');
    const settings = clientSettings(client.settingsJson);
    if (settings.rotation && !mayRotate) throw refusal('FlowNotEnabled', { flow: 'REFRESH_TOKEN_AUTH' });

    const attempt: RefreshAttempt = { poolId, clientId, graceMillis: settings.rotation && settings.rotation.graceSeconds * 1000 };
    const successor = await needs.refreshTokens.make(call.requestKey, request.refreshToken);
    const [token, next] = [needs.refreshTokens.hash(request.refreshToken), needs.refreshTokens.hash(successor)];
    let minted: Minted | undefined;

    for (let round = 1; round <= ROUNDS; round++) {
      const presented = await needs.families.present(token, next);
      if (!presented) throw refusal('RefreshTokenInvalid');
      const verdict = judgeToken(presented, attempt);
      if (verdict instanceof DomainError) throw verdict;
      const { family } = presented;
      call.effects.sub = family.sub;
      if (verdict === 'reused') {
        await endFamily(needs)(family.family, 'reuse', call, next);
        throw refusal('RefreshTokenReused');
      }
      minted ??= await mintFor(needs, family, settings, call);
      switch (verdict) {
        case 'pass': return minted;
        case 'repeat': return { ...minted, refreshToken: successor };
        case 'rotate':
          if (await needs.families.rotate(token, next, call)) return { ...minted, refreshToken: successor };
          break;
        case 'sibling':
          if (await needs.families.addSibling(token, next, attempt.graceMillis ?? 0, call)) return { ...minted, refreshToken: successor };
      }
    }
    throw refusal('TooManyRequests');
  };

type Minted = Omit<wire.token.Tokens, 'refreshToken'>;

/** @throws {DomainError} as the user's state demands */
async function mintFor(needs: RefreshNeeds, family: Family, client: ClientSettings, call: CallContext): Promise<Minted> {
  const { poolId, sub } = family;
  const user = await needs.directory.getUser({ poolId, by: { $case: 'sub', value: sub } }, call).catch((error: unknown) => {
    // The user is gone: its families are about to be, and then the token is not known either.
    if (error instanceof DomainError && error.code === 'UserNotFound') throw refusal('RefreshTokenInvalid', {}, { cause: error });
    throw error;
  });
  const refused = judgeOwner(family, user);
  if (refused) throw refused;
  return mint(needs)({ user, client, family }, call);
}
