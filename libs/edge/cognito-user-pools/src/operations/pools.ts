import { canonicalJson } from '@rollcall/kernel';

import { op, type Rows } from '../ports.js';
import { demandPoolSettings } from '../settings/pool-settings-rules.js';
import { poolLine, poolOut } from '../translation/pool.js';

export const poolRows = {
  CreateUserPool: op<'CreateUserPool'>('sigv4', async (input, { directory, accountId }, call) => {
    demandPoolSettings(input);
    const pool = await directory.createPool({ region: call.signer.region, settingsJson: canonicalJson(input) }, call);
    return { UserPool: poolOut({ pool, estimatedNumberOfUsers: 0 }, accountId) };
  }),

  DescribeUserPool: op<'DescribeUserPool'>('sigv4', async ({ UserPoolId }, { directory, accountId }, call) =>
    ({ UserPool: poolOut(await directory.describePool({ poolId: UserPoolId }, call), accountId) })),

  DeleteUserPool: op<'DeleteUserPool'>('sigv4', async ({ UserPoolId }, { directory }, call) => {
    await directory.deletePool({ poolId: UserPoolId }, call);
    return {};
  }),

  ListUserPools: op<'ListUserPools'>('sigv4', async ({ MaxResults, NextToken }, { directory }, call) => {
    const { pools, next } = await directory.listPools({ region: call.signer.region, limit: MaxResults, next: NextToken }, call);
    return { UserPools: pools.map(poolLine), ...(next === undefined ? {} : { NextToken: next }) };
  }),
} satisfies Rows;
