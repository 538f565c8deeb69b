import { describe, expect, it } from '@jest/globals';
import type { wire } from '@rollcall/contracts';
import { canonicalJson } from '@rollcall/kernel';

import type { Ports } from '../src/index.js';
import { ownAccountRows } from '../src/operations/own-account.js';
import { clientOut } from '../src/translation/client.js';
import { poolOut } from '../src/translation/pool.js';

const client = (settings: object, secrets: wire.directory.Client['secrets'] = []): wire.directory.Client =>
  ({ poolId: 'us-east-1_AbCdEf123', clientId: 'client', settingsJson: canonicalJson({ ClientName: 'web', ...settings }), createdAt: 1, updatedAt: 2, secrets, revision: 0 });

describe('an app client as it is described', () => {
  it('has the defaults of the service where nothing was given', () => {
    expect(clientOut(client({}))).toEqual({
      UserPoolId: 'us-east-1_AbCdEf123', ClientId: 'client', ClientName: 'web', CreationDate: 1, LastModifiedDate: 2,
      ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'], RefreshTokenValidity: 30, PreventUserExistenceErrors: 'LEGACY',
      EnableTokenRevocation: true, AuthSessionValidity: 3, AllowedOAuthFlowsUserPoolClient: false, EnablePropagateAdditionalUserContextData: false, ClientType: 'REGULAR',
    });
  });

  it.each([
    [{ RefreshTokenValidity: 0 }, 30],
    [{ RefreshTokenValidity: 7 }, 7],
    [{ TokenValidityUnits: { RefreshToken: 'hours' } }, 720],
    [{ TokenValidityUnits: { RefreshToken: 'minutes' }, RefreshTokenValidity: 0 }, 43_200],
    [{ TokenValidityUnits: { RefreshToken: 'hours' }, RefreshTokenValidity: 12 }, 12],
  ])('tells how long its refresh tokens live, in the unit that it tells: %j', (settings, shown) =>
    expect(clientOut(client(settings)).RefreshTokenValidity).toBe(shown));
});

describe('a pool as it is described', () => {
  it('has temporary passwords of a week where it was given none, or 0 days', () => {
    for (const PasswordPolicy of [undefined, {}, { TemporaryPasswordValidityDays: 0 }]) {
      const settingsJson = canonicalJson({ PoolName: 'first', Policies: { ...(PasswordPolicy ? { PasswordPolicy } : {}) } });
      const { Policies } = poolOut({ pool: { poolId: 'us-east-1_AbCdEf123', settingsJson, createdAt: 1, updatedAt: 2, revision: 0 }, estimatedNumberOfUsers: 5 }, '123456789012');
      expect(Policies?.PasswordPolicy?.TemporaryPasswordValidityDays).toBe(7);
    }
  });

  it('repeats what was given, and tells the validity of temporary passwords at both of its places', () => {
    const settingsJson = canonicalJson({ PoolName: 'first', AutoVerifiedAttributes: ['email'], Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 } } });
    const { SchemaAttributes, ...pool } = poolOut(
      { pool: { poolId: 'us-east-1_AbCdEf123', settingsJson, createdAt: 1, updatedAt: 2, revision: 0 }, estimatedNumberOfUsers: 5 }, '123456789012');
    expect(SchemaAttributes).toContainEqual(expect.objectContaining({ Name: 'email_verified', AttributeDataType: 'Boolean' }));
    expect(pool).toMatchObject({
      Id: 'us-east-1_AbCdEf123', Name: 'first', Arn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf123', AutoVerifiedAttributes: ['email'],
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 }, SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] } },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 3 }, EstimatedNumberOfUsers: 5,
    });
    expect(pool).not.toHaveProperty('PoolName');
  });
});

describe('GetUser', () => {
  it('shows a user to no client whose right to read is unknown', async () => {
    const directory = { getUser: async () => ({ username: 'ada', attributes: [] }), clientContext: async () => ({ pool: undefined, client: undefined }) };
    const call = { principal: { poolId: 'us-east-1_AbCdEf123', sub: 'sub', clientId: 'gone' } };
    await expect(ownAccountRows.GetUser.handle({} as never, { directory } as unknown as Ports as never, call as never)).rejects.toMatchObject({ code: 'ClientNotFound' });
  });
});
