import { describe, expect, it } from '@jest/globals';

import { facts } from '../src/gen/facts.js';
import type { CreateUserPoolClientRequest, CreateUserPoolRequest } from '../src/gen/shapes.js';
import { clientRulings, demandClientSettings, judgeClientInput } from '../src/settings/client-settings-rules.js';
import { demandPoolSettings, judgePoolInput, poolRulings } from '../src/settings/pool-settings-rules.js';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f';
const pool = (settings: Partial<CreateUserPoolRequest>) => judgePoolInput({ PoolName: 'people', ...settings });
const client = (settings: Partial<CreateUserPoolClientRequest>) => judgeClientInput({ UserPoolId: 'us-east-1_A', ClientName: 'app', ...settings });
const reason = (text: string) => [{ reason: text }];

describe('the table of settings', () => {
  it.each([['CreateUserPoolRequest', poolRulings], ['CreateUserPoolClientRequest', clientRulings]])('rules on every member of %s', (shape, rulings) =>
    expect(Object.keys(rulings).sort()).toEqual(Object.keys(facts.shapes[shape]?.members ?? {}).sort()));
});

describe('settings of a pool', () => {
  it('are taken where they act or restrict nobody', () => expect(pool({
    Policies: { PasswordPolicy: { MinimumLength: 12, PasswordHistorySize: 3 }, SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] } },
    DeletionProtection: 'ACTIVE',
    LambdaConfig: {},
    AutoVerifiedAttributes: ['email'],
    UsernameAttributes: ['email'],
    EmailVerificationMessage: 'Code {####}',
    VerificationMessageTemplate: { EmailMessage: 'Code {####}', DefaultEmailOption: 'CONFIRM_WITH_CODE', EmailMessageByLink: '{##link##}' },
    MfaConfiguration: 'OFF',
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
    EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com', From: 'a@example.com' },
    SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'x' },
    UserPoolTags: { stage: 'test' },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true, UnusedAccountValidityDays: 3, InviteMessageTemplate: { EmailMessage: '{username} {####}', SMSMessage: '{username} {####}' } },
    Schema: [{ Name: 'team', AttributeDataType: 'String' }],
    UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT', AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'AUDIT' } },
    DcrConfiguration: { EnableStatus: 'Disabled', OpenDcrEnabled: false },
    UsernameConfiguration: { CaseSensitive: false },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }, { Name: 'verified_phone_number', Priority: 2 }] },
    UserPoolTier: 'PLUS',
    KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
    IssuerConfiguration: { Type: 'ORIGINAL' },
    AcrConfiguration: { Level1: { AcrValue: 'one' } },
  })).toEqual([]));

  it.each<[string, Partial<CreateUserPoolRequest>, string]>([
    ['MFA for all', { MfaConfiguration: 'ON' }, 'Rollcall does not enforce MFA yet: MfaConfiguration must be OFF.'],
    ['MFA for some', { MfaConfiguration: 'OPTIONAL' }, 'Rollcall does not enforce MFA yet: MfaConfiguration must be OFF.'],
    ['passkeys first', { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } }, 'Rollcall offers no other first factor than PASSWORD yet.'],
    ['a check before sign-up', { LambdaConfig: { PreSignUp: arn } }, 'Rollcall does not run the trigger PreSignUp yet.'],
    ['a check before sign-in', { LambdaConfig: { PreAuthentication: arn } }, 'Rollcall does not run the trigger PreAuthentication yet.'],
    ['claims by a trigger', { LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: arn } } }, 'Rollcall does not run the trigger PreTokenGenerationConfig yet.'],
    ['another sender', { LambdaConfig: { CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: arn } } }, 'Rollcall does not run the trigger CustomEmailSender yet.'],
    ['threat protection', { UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } }, 'Rollcall does not enforce threat protection yet: AdvancedSecurityMode must be OFF or AUDIT.'],
    ['threat protection of custom flows', { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT', AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'ENFORCED' } } },
      'Rollcall does not enforce threat protection yet: CustomAuthMode must be AUDIT.'],
    ['confirmation by link', { VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' } }, 'Rollcall does not confirm by link yet: DefaultEmailOption must be CONFIRM_WITH_CODE.'],
    ['clients that register themselves', { DcrConfiguration: { EnableStatus: 'Enabled' } }, 'Rollcall does not register clients dynamically yet: EnableStatus must be Disabled.'],
    ["a customer's key", { KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY' } }, 'Rollcall seals with keys of its own: KeyType must be AWS_OWNED_KEY.'],
    ['a key by its name', { KeyConfiguration: { KmsKeyArn: arn } }, 'Rollcall seals with keys of its own: there can be no KmsKeyArn.'],
    ['another issuer', { IssuerConfiguration: { Type: 'UPDATED' } }, 'Rollcall has the issuer that ROLLCALL_ISSUER chooses: Type must be ORIGINAL.'],
    ['two ways to send texts', { SmsConfiguration: { SnsCallerArn: arn, EumsSms: { CallerArn: arn } } }, 'SmsConfiguration needs either SnsCallerArn or EumsSms.'],
    ['no way to send texts', { SmsConfiguration: {} }, 'SmsConfiguration needs either SnsCallerArn or EumsSms.'],
    ['a sender without an identity', { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } }, 'EmailConfiguration needs SourceArn when EmailSendingAccount is DEVELOPER.'],
    ['one message in two wordings', { EmailVerificationMessage: 'A {####}', VerificationMessageTemplate: { EmailMessage: 'B {####}' } }, 'A verification message is given twice, and differs in VerificationMessageTemplate.'],
    ['an update to be verified that is not', { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
      'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes'],
    ['recovery by nobody and by mail', { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }, { Name: 'verified_email', Priority: 2 }] } },
      'Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.'],
    ['two recoveries of one priority', { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_phone_number', Priority: 1 }, { Name: 'verified_email', Priority: 1 }] } },
      'Account Recovery Setting cannot name a mechanism or a priority twice.'],
    ['an invitation without its password', { AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: 'Welcome {username}' } } }, 'InviteMessageTemplate must contain {username} and {####}.'],
  ])('refuse %s', (_what, settings, text) => {
    expect(pool(settings)).toEqual(reason(text));
    expect(() => demandPoolSettings({ PoolName: 'people', ...settings })).toThrow(expect.objectContaining({ type: 'InvalidParameterException', message: text, status: 400 }));
  });

  it('are refused one at a time, members first', () => {
    const settings = { MfaConfiguration: 'ON', SmsConfiguration: {}, LambdaConfig: { PreSignUp: arn } } as const;
    expect(pool(settings).map((refusal) => refusal.reason)).toEqual([
      'Rollcall does not run the trigger PreSignUp yet.', 'Rollcall does not enforce MFA yet: MfaConfiguration must be OFF.', 'SmsConfiguration needs either SnsCallerArn or EumsSms.']);
    expect(() => demandPoolSettings({ PoolName: 'people', ...settings })).toThrow('Rollcall does not run the trigger PreSignUp yet.');
  });
});

describe('settings of a client', () => {
  it('are taken where they act, or open nothing yet', () => expect(client({
    GenerateSecret: true,
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH', 'ALLOW_USER_AUTH'],
    SupportedIdentityProviders: ['COGNITO'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code', 'implicit'],
    AllowedOAuthScopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
    CallbackURLs: ['https://app.example/cb', 'http://localhost:3000/cb', 'http://127.0.0.1/cb', 'http://[::1]/cb', 'myapp://callback'],
    LogoutURLs: ['https://app.example/'],
    DefaultRedirectURI: 'https://app.example/cb',
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
    AnalyticsConfiguration: { ApplicationId: 'ab' },
  })).toEqual([]));

  it('are taken for a machine with a secret', () => expect(client({
    ClientSecret: 'x'.repeat(24), AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: ['client_credentials'], AllowedOAuthScopes: ['openid'],
  })).toEqual([]));

  it.each<[string, Partial<CreateUserPoolClientRequest>, string, string?]>([
    ['OAuth without flows', { AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: ['openid'] }, 'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.'],
    ['a machine that is also a page', { AllowedOAuthFlows: ['client_credentials', 'code'], CallbackURLs: ['https://a.example'], GenerateSecret: true },
      'client_credentials flow can not be selected along with code flow or implicit flow.', 'InvalidOAuthFlowException'],
    ['a machine without a secret', { AllowedOAuthFlows: ['client_credentials'] }, 'client_credentials flow can not be selected if client does not have a client secret.', 'InvalidOAuthFlowException'],
    ['a page without a way back', { AllowedOAuthFlows: ['code'] }, 'CallbackUrls can not be empty when code flow or implicit flow is selected', 'InvalidOAuthFlowException'],
    ['a scope of no resource server', { AllowedOAuthScopes: ['photos/read'] }, 'Invalid scope requested: photos/read', 'ScopeDoesNotExistException'],
    ['a way back in the open', { CallbackURLs: ['http://app.example/cb'] }, 'http://app.example/cb cannot use the HTTP protocol.'],
    ['a way back that only looks local', { CallbackURLs: ['http://localhost.app.example/cb'] }, 'http://localhost.app.example/cb cannot use the HTTP protocol.'],
    ['a way back with a fragment', { CallbackURLs: ['https://app.example/#cb'] }, 'https://app.example/#cb must not have a fragment.'],
    ['a way back with an empty fragment', { LogoutURLs: ['https://app.example/#'] }, 'https://app.example/# must not have a fragment.'],
    ['a way back with a password', { CallbackURLs: ['https://a:b@app.example/'] }, 'https://a:b@app.example/ must not hold credentials.'],
    ['a way back that runs', { CallbackURLs: ['javascript:alert(1)'] }, 'javascript:alert(1) cannot use the protocol javascript.'],
    ['a way back that is none', { CallbackURLs: ['nowhere'] }, 'nowhere is not a valid URL.'],
    ['a default that is not listed', { DefaultRedirectURI: 'https://b.example', CallbackURLs: ['https://a.example'] }, 'DefaultRedirectURI must be one of CallbackURLs.'],
    ['a provider that does not exist', { SupportedIdentityProviders: ['COGNITO', 'Google'] }, 'The provider Google does not exist for User Pool us-east-1_A.'],
  ])('refuse %s', (_what, settings, text, type = 'InvalidParameterException') => {
    expect(client(settings).map((refusal) => refusal.reason)).toEqual([text]);
    expect(() => demandClientSettings({ UserPoolId: 'us-east-1_A', ClientName: 'app', ...settings })).toThrow(expect.objectContaining({ type, message: text }));
  });
});
