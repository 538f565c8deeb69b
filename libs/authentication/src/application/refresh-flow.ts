import { refusal, type CallContext, type wire } from '@rollcall/contracts';

import type { ClientContext } from './client-context.js';
import type { AuthenticationNeeds } from './needs.js';
import { checkSecretHash, requireSecretHash } from './secret-hash.js';
import { required } from './strategy.js';

/**
 * REFRESH_TOKEN_AUTH. The caller need not say whose token it is, but makes its SECRET_HASH over that user's name or sub:
 * it is checked as soon as the tokens tell, and before anybody gets them. A refresh of this kind rotates nothing, so one
 * that is refused then has changed nothing.
 */
export async function refreshTokens(
  { token }: Pick<AuthenticationNeeds, 'token'>,
  context: ClientContext,
  parameters: Readonly<Record<string, string>>,
  call: CallContext,
): Promise<wire.token.Tokens> {
  const refreshToken = required({ parameters }, 'REFRESH_TOKEN');
  requireSecretHash(context, parameters['SECRET_HASH']);
  const { poolId, clientId } = context;
  const tokens = await token.refresh({ poolId, clientId, refreshToken, mayRotate: false }, call);
  checkSecretHash(context, parameters['SECRET_HASH'], ownerOf(tokens.accessToken));
  return tokens;
}

/** User name and sub in an access token that the token service made a moment ago. */
function ownerOf(accessToken: string): readonly string[] {
  const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as Readonly<Record<string, unknown>>;
  const names = [claims['username'], claims['sub']].filter((name) => typeof name === 'string');
  if (names.length === 0) throw refusal('RefreshTokenInvalid');
  return names;
}
