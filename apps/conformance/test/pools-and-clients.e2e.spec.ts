import type { CreateUserPoolClientRequest, CreateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { administrator } from '../src/clients.js';
import { newPool, openScene, type Scene } from '../src/scene.js';

describe('pools and app clients', () => {
  let scene: Scene;
  beforeAll(async () => { scene = await openScene(); });
  afterAll(() => scene.close());

  const everyPoolSetting = {
    PoolName: 'everything',
    Policies: {
      PasswordPolicy: { MinimumLength: 12, RequireLowercase: true, RequireNumbers: true, RequireSymbols: false, RequireUppercase: true, TemporaryPasswordValidityDays: 3 },
      SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
    },
    DeletionProtection: 'INACTIVE',
    AutoVerifiedAttributes: ['email'],
    AliasAttributes: ['email', 'preferred_username'],
    SmsVerificationMessage: 'Code {####}',
    EmailVerificationMessage: 'Code {####}',
    EmailVerificationSubject: 'Code',
    VerificationMessageTemplate: {
      SmsMessage: 'Code {####}', EmailMessage: 'Code {####}', EmailSubject: 'Code', EmailMessageByLink: 'Click {##here##}', EmailSubjectByLink: 'Click', DefaultEmailOption: 'CONFIRM_WITH_CODE',
    },
    SmsAuthenticationMessage: 'MFA {####}',
    MfaConfiguration: 'OFF',
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT', ReplyToEmailAddress: 'help@example.com' },
    SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'id', SnsRegion: 'us-east-1' },
    UserPoolTags: { team: 'identity' },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, InviteMessageTemplate: { SMSMessage: 'Hi {username} {####}', EmailMessage: 'Hi {username} {####}', EmailSubject: 'Hi' } },
    UserPoolAddOns: { AdvancedSecurityMode: 'OFF' },
    UsernameConfiguration: { CaseSensitive: false },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'verified_email' }] },
    UserPoolTier: 'PLUS',
  } satisfies CreateUserPoolRequest;
  const schema: CreateUserPoolRequest['Schema'] = [
    { Name: 'email', AttributeDataType: 'String', Mutable: true, Required: true, StringAttributeConstraints: { MinLength: '5', MaxLength: '100' } },
    { Name: 'level', AttributeDataType: 'Number', Mutable: true, NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' } },
    { Name: 'since', AttributeDataType: 'DateTime', Mutable: false },
    { Name: 'staff', AttributeDataType: 'Boolean', Mutable: true, DeveloperOnlyAttribute: true },
  ];

  it('stores every setting of a pool and shows it again as it was given', async () => {
    const { UserPool: made } = await scene.admin.createUserPool({ ...everyPoolSetting, Schema: schema });
    const { PoolName, AdminCreateUserConfig, ...same } = everyPoolSetting;
    expect(made).toMatchObject({
      ...same,
      Name: PoolName,
      AdminCreateUserConfig: { ...AdminCreateUserConfig, UnusedAccountValidityDays: 3 },
      Arn: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${made?.Id}`,
      EstimatedNumberOfUsers: 0,
    });
    expect(made?.CreationDate).toEqual(made?.LastModifiedDate);
    expect(Math.abs(Number(made?.CreationDate) - Date.now())).toBeLessThan(3_600_000);
    expect((await scene.admin.describeUserPool({ UserPoolId: made?.Id })).UserPool).toEqual(made);
  });

  it('knows sub, the 20 standard attributes as overridden, and custom ones under their prefix', async () => {
    const { UserPool: plain } = await scene.admin.createUserPool({ PoolName: 'plain' });
    expect(plain?.SchemaAttributes?.map(({ Name }) => Name)).toEqual([
      'sub', 'name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website', 'email', 'email_verified', 'gender', 'birthdate',
      'zoneinfo', 'locale', 'phone_number', 'phone_number_verified', 'address', 'updated_at', 'identities',
    ]);
    const { UserPool: own } = await scene.admin.createUserPool({ PoolName: 'own', Schema: schema });
    const attribute = (name: string) => own?.SchemaAttributes?.find(({ Name }) => Name === name);
    expect(attribute('email')).toEqual({
      Name: 'email', AttributeDataType: 'String', DeveloperOnlyAttribute: false, Mutable: true, Required: true, StringAttributeConstraints: { MinLength: '5', MaxLength: '100' },
    });
    expect(attribute('custom:level')).toEqual({
      Name: 'custom:level', AttributeDataType: 'Number', DeveloperOnlyAttribute: false, Mutable: true, Required: false, NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
    });
    expect(attribute('custom:since')).toMatchObject({ AttributeDataType: 'DateTime', Mutable: false });
    expect(attribute('dev:staff')).toMatchObject({ AttributeDataType: 'Boolean', DeveloperOnlyAttribute: true });
  });

  it('shows the defaults of a pool that sets nothing', async () => {
    const { UserPool } = await scene.admin.createUserPool({ PoolName: 'plain' });
    expect(UserPool).toMatchObject({
      Policies: {
        PasswordPolicy: { MinimumLength: 8, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true, RequireUppercase: true, TemporaryPasswordValidityDays: 7 },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
      },
      DeletionProtection: 'INACTIVE', MfaConfiguration: 'OFF', LambdaConfig: {}, UserPoolTags: {}, UserPoolTier: 'ESSENTIALS', UsernameConfiguration: { CaseSensitive: true },
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' }, EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 }, EstimatedNumberOfUsers: 0,
    });
    expect(UserPool).not.toHaveProperty('AliasAttributes');
    expect(UserPool).not.toHaveProperty('UsernameAttributes');
  });

  const everyClientSetting = {
    ClientName: 'everything',
    RefreshTokenValidity: 12, AccessTokenValidity: 10, IdTokenValidity: 15,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'hours' },
    ReadAttributes: ['email', 'name', 'custom:level'],
    WriteAttributes: ['name'],
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    SupportedIdentityProviders: ['COGNITO'],
    CallbackURLs: ['https://app.example.com/callback', 'http://localhost:3000'],
    LogoutURLs: ['https://app.example.com/'],
    DefaultRedirectURI: 'https://app.example.com/callback',
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email'],
    AllowedOAuthFlowsUserPoolClient: true,
    PreventUserExistenceErrors: 'ENABLED',
    EnableTokenRevocation: false,
    EnablePropagateAdditionalUserContextData: false,
    AuthSessionValidity: 10,
    RefreshTokenRotation: { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 },
  } satisfies Partial<CreateUserPoolClientRequest>;

  it('stores every setting of a client and shows it again as it was given', async () => {
    const UserPoolId = await newPool(scene.admin, { Schema: schema });
    const { UserPoolClient: made } = await scene.admin.createUserPoolClient({ UserPoolId, ...everyClientSetting });
    expect(made).toMatchObject({ UserPoolId, ...everyClientSetting, ClientType: 'REGULAR' });
    expect((await scene.admin.describeUserPoolClient({ UserPoolId, ClientId: made?.ClientId })).UserPoolClient).toEqual(made);
  });

  it('shows the defaults of a client that sets nothing', async () => {
    const UserPoolId = await newPool(scene.admin);
    const { UserPoolClient } = await scene.admin.createUserPoolClient({ UserPoolId, ClientName: 'plain' });
    expect(UserPoolClient).toMatchObject({
      ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'], RefreshTokenValidity: 30, PreventUserExistenceErrors: 'LEGACY',
      EnableTokenRevocation: true, AuthSessionValidity: 3, AllowedOAuthFlowsUserPoolClient: false,
    });
    expect(UserPoolClient).not.toHaveProperty('ClientSecret');
  });

  it('keeps a secret that the caller brings', async () => {
    const UserPoolId = await newPool(scene.admin);
    const ClientSecret = 'broughtAlong+0123456789abcdef';
    const { UserPoolClient } = await scene.admin.createUserPoolClient({ UserPoolId, ClientName: 'own', ClientSecret });
    expect((await scene.admin.describeUserPoolClient({ UserPoolId, ClientId: UserPoolClient?.ClientId })).UserPoolClient?.ClientSecret).toBe(ClientSecret);
  });

  it('lists the pools of the region that was signed for, page by page', async () => {
    const elsewhere = administrator(scene.rollcall, { region: 'eu-central-1', maxAttempts: 1 });
    const made: string[] = [];
    for (const n of [1, 2, 3, 4, 5]) made.push((await elsewhere.createUserPool({ PoolName: `page ${n}` })).UserPool?.Id ?? '');
    expect(made.every((id) => id.startsWith('eu-central-1_'))).toBe(true);
    const seen: string[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await elsewhere.listUserPools({ MaxResults: 2, NextToken });
      seen.push((page.UserPools ?? []).map(({ Id }) => Id ?? ''));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(new Set(seen.flat())).toEqual(new Set(made));
    const here = (await scene.admin.listUserPools({ MaxResults: 60 })).UserPools ?? [];
    expect(here.every(({ Id }) => Id?.startsWith('us-east-1_'))).toBe(true);
    await expect(elsewhere.listUserPools({ MaxResults: 2, NextToken: 'forged' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('lists the clients of a pool by id and name only, page by page', async () => {
    const UserPoolId = await newPool(scene.admin);
    const made: string[] = [];
    for (const n of [1, 2, 3]) made.push((await scene.admin.createUserPoolClient({ UserPoolId, ClientName: `app ${n}`, GenerateSecret: true })).UserPoolClient?.ClientId ?? '');
    const first = await scene.admin.listUserPoolClients({ UserPoolId, MaxResults: 2 });
    const second = await scene.admin.listUserPoolClients({ UserPoolId, MaxResults: 2, NextToken: first.NextToken });
    const listed = [...first.UserPoolClients ?? [], ...second.UserPoolClients ?? []];
    expect(second.NextToken).toBeUndefined();
    expect(new Set(listed.map(({ ClientId }) => ClientId))).toEqual(new Set(made));
    expect(listed.map((line) => Object.keys(line).sort())).toEqual(made.map(() => ['ClientId', 'ClientName', 'UserPoolId']));
  });

  it('keeps a protected pool', async () => {
    const UserPoolId = await newPool(scene.admin, { DeletionProtection: 'ACTIVE' });
    await expect(scene.admin.deleteUserPool({ UserPoolId })).rejects.toMatchObject({ name: 'InvalidParameterException', message: expect.stringContaining('deletion protection is activated') });
    expect((await scene.admin.describeUserPool({ UserPoolId })).UserPool?.Id).toBe(UserPoolId);
  });

  it('serves discovery and both public keys at the issuer', async () => {
    const poolId = await newPool(scene.admin);
    const issuer = `${scene.rollcall.endpoint}/${poolId}`;
    const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({
      issuer, jwks_uri: `${issuer}/.well-known/jwks.json`, subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
    });
    const { keys } = await (await fetch(`${issuer}/.well-known/jwks.json`)).json() as { keys: Record<string, string>[] };
    expect(keys).toHaveLength(2);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    for (const key of keys) expect(key).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig', e: 'AQAB' });
    for (const path of ['jwks.json', 'openid-configuration']) {
      expect((await fetch(`${scene.rollcall.endpoint}/us-east-1_nowhere00/.well-known/${path}`)).status).toBe(404);
    }
  });

  it('is alive and ready', async () => {
    expect((await fetch(`${scene.rollcall.endpoint}/health/live`)).status).toBe(200);
    expect((await fetch(`${scene.rollcall.endpoint}/health/ready`)).status).toBe(200);
  });
});
