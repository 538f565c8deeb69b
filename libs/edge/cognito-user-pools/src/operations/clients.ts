import { canonicalJson } from '@rollcall/kernel';

import { op, type Rows } from '../ports.js';
import { demandClientSettings } from '../settings/client-settings-rules.js';
import { clientLine, clientOut } from '../translation/client.js';

const LIST_LIMIT = 60;

export const clientRows = {
  CreateUserPoolClient: op<'CreateUserPoolClient'>('sigv4', async (input, { directory }, call) => {
    demandClientSettings(input);
    const { UserPoolId, GenerateSecret, ClientSecret, ...settings } = input;
    const client = await directory.createClient({
      poolId: UserPoolId,
      settingsJson: canonicalJson(settings),
      generateSecret: GenerateSecret === true,
      secret: ClientSecret,
    }, call);
    return { UserPoolClient: clientOut(client) };
  }),

  DescribeUserPoolClient: op<'DescribeUserPoolClient'>('sigv4', async ({ UserPoolId, ClientId }, { directory }, call) =>
    ({ UserPoolClient: clientOut(await directory.describeClient({ poolId: UserPoolId, clientId: ClientId }, call)) })),

  DeleteUserPoolClient: op<'DeleteUserPoolClient'>('sigv4', async ({ UserPoolId, ClientId }, { directory }, call) => {
    await directory.deleteClient({ poolId: UserPoolId, clientId: ClientId }, call);
    return {};
  }),

  ListUserPoolClients: op<'ListUserPoolClients'>('sigv4', async ({ UserPoolId, MaxResults, NextToken }, { directory }, call) => {
    const { clients, next } = await directory.listClients({ poolId: UserPoolId, limit: MaxResults || LIST_LIMIT, next: NextToken }, call);
    return { UserPoolClients: clients.map(clientLine), ...(next === undefined ? {} : { NextToken: next }) };
  }),
} satisfies Rows;
