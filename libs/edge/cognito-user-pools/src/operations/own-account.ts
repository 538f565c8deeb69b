import { clientSettings, readableBy, refusal } from '@rollcall/contracts';

import { op, type Rows } from '../ports.js';
import { attributesOut } from '../translation/attributes.js';

/** What a user does with an access token of its own. */
export const ownAccountRows = {
  GetUser: op<'GetUser'>('token', async (_, { directory }, call) => {
    const { poolId, sub, clientId } = call.principal;
    const user = await directory.getUser({ poolId, by: { $case: 'sub', value: sub } }, call);
    const { client } = await directory.clientContext({ clientId }, call);
    if (!client) throw refusal('ClientNotFound', { clientId }); // without its settings nobody knows what it may read
    return { Username: user.username, UserAttributes: attributesOut(user, readableBy(clientSettings(client.settingsJson))) };
  }),

  GlobalSignOut: op<'GlobalSignOut'>('token', async (_, { directory }, call) => {
    const { poolId, sub } = call.principal;
    await directory.signOutEverywhere({ poolId, by: { $case: 'sub', value: sub } }, call);
    return {};
  }),

  RevokeToken: op<'RevokeToken'>('public', async ({ ClientId, Token, ClientSecret }, { token }, call) => {
    await token.revoke({ clientId: ClientId, token: Token, clientSecret: ClientSecret }, call);
    return {};
  }),
} satisfies Rows;
