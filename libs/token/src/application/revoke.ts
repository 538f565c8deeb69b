import { clientSettings, refusal, type DirectoryPort, type TokenPort, type wire } from '@rollcall/contracts';

import { tokenForm } from '../domain/refresh-token.js';
import type { Families } from './families.js';
import type { RefreshTokens } from './refresh-tokens.js';
import { endFamily, type RevocationNeeds } from './revocations.js';

export interface RevokeNeeds extends RevocationNeeds {
  readonly directory: Pick<DirectoryPort, 'clientContext'>;
  readonly families: Families;
  readonly refreshTokens: RefreshTokens;
  /** In a time that tells nothing but lengths. */
  readonly secretsEqual: (a: string, b: string) => boolean;
}

/**
 * Ends the family of a refresh token. A token that nobody knows is no error (RFC 7009 section 2.2), and one of another
 * client or pool is treated as one that nobody knows: nothing happens to it, and its finder learns nothing.
 */
export const revoke = (needs: RevokeNeeds): TokenPort['revoke'] =>
  async ({ clientId, token, clientSecret }, call) => {
    const { client } = await needs.directory.clientContext({ clientId }, call);
    if (!client) throw refusal('ClientNotFound', { clientId });
    if (!isSecretOf(needs, client, clientSecret)) throw refusal('ClientSecretMismatch');
    if (!clientSettings(client.settingsJson).tokenRevocation) throw refusal('RevocationDisabled');
    const form = tokenForm(token);
    if (form === 'jwt') throw refusal('UnsupportedTokenType');
    if (form === 'other') return {};

    const hash = needs.refreshTokens.hash(token);
    const found = await needs.families.present(hash, hash);
    if (found?.family.clientId !== clientId || found.family.poolId !== client.poolId) return {};
    call.effects.sub = found.family.sub;
    await endFamily(needs)(found.family.family, 'request', call);
    return {};
  };

/** A client without a secret has none to prove; what is sent nevertheless is not looked at, as with SECRET_HASH. */
function isSecretOf({ secretsEqual }: RevokeNeeds, { secrets }: wire.directory.Client, given: string | undefined): boolean {
  if (secrets.length === 0) return true;
  return given !== undefined && secrets.map(({ value }) => secretsEqual(value, given)).includes(true);
}
