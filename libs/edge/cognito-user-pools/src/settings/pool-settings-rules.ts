import type { CreateUserPoolRequest, LambdaConfigType } from '../gen/shapes.js';
import { demandNone, refusalsOf, refused, type Refusal, type Rule, type Rulings } from './ruling.js';

const trigger = (name: keyof LambdaConfigType) => refused<never>(`Rollcall does not run the trigger ${name} yet.`);
const noMfa = 'Rollcall does not enforce MFA yet: MfaConfiguration must be OFF.';

/** What becomes of each member of CreateUserPool. */
export const poolRulings: Rulings<CreateUserPoolRequest> = {
  PoolName: 'acts',
  Policies: {
    of: {
      PasswordPolicy: 'acts',
      SignInPolicy: { of: { AllowedFirstAuthFactors: { each: refused('Rollcall offers no other first factor than PASSWORD yet.', 'PASSWORD') } } },
    },
  },
  DeletionProtection: 'acts',
  LambdaConfig: {
    of: {
      PreSignUp: trigger('PreSignUp'),
      CustomMessage: trigger('CustomMessage'),
      PostConfirmation: trigger('PostConfirmation'),
      PreAuthentication: trigger('PreAuthentication'),
      PostAuthentication: trigger('PostAuthentication'),
      DefineAuthChallenge: trigger('DefineAuthChallenge'),
      CreateAuthChallenge: trigger('CreateAuthChallenge'),
      VerifyAuthChallengeResponse: trigger('VerifyAuthChallengeResponse'),
      PreTokenGeneration: trigger('PreTokenGeneration'),
      UserMigration: trigger('UserMigration'),
      PreTokenGenerationConfig: trigger('PreTokenGenerationConfig'),
      CustomSMSSender: trigger('CustomSMSSender'),
      CustomEmailSender: trigger('CustomEmailSender'),
      KMSKeyID: 'stored', // of the custom senders alone
      InboundFederation: trigger('InboundFederation'),
    },
  },
  AutoVerifiedAttributes: 'acts',
  AliasAttributes: 'acts',
  UsernameAttributes: 'acts',
  SmsVerificationMessage: 'acts',
  EmailVerificationMessage: 'acts',
  EmailVerificationSubject: 'acts',
  VerificationMessageTemplate: {
    of: {
      SmsMessage: 'acts',
      EmailMessage: 'acts',
      EmailSubject: 'acts',
      EmailMessageByLink: 'stored',
      EmailSubjectByLink: 'stored',
      DefaultEmailOption: refused('Rollcall does not confirm by link yet: DefaultEmailOption must be CONFIRM_WITH_CODE.', 'CONFIRM_WITH_CODE'),
    },
  },
  SmsAuthenticationMessage: 'stored', // of MFA alone
  MfaConfiguration: refused(noMfa, 'OFF'),
  UserAttributeUpdateSettings: 'stored', // no operation that changes attributes is offered
  DeviceConfiguration: 'stored', // a remembered device only ever spares MFA
  EmailConfiguration: { of: { SourceArn: 'stored', ReplyToEmailAddress: 'acts', EmailSendingAccount: 'stored', From: 'acts', ConfigurationSet: 'stored' } },
  SmsConfiguration: 'stored', // text messages leave by ROLLCALL_SMS_WEBHOOK_URL
  UserPoolTags: 'stored',
  AdminCreateUserConfig: {
    of: {
      AllowAdminCreateUserOnly: 'acts',
      UnusedAccountValidityDays: 'stored', // dead: TemporaryPasswordValidityDays took its place
      InviteMessageTemplate: 'acts',
    },
  },
  Schema: 'acts',
  UserPoolAddOns: {
    of: {
      AdvancedSecurityMode: refused('Rollcall does not enforce threat protection yet: AdvancedSecurityMode must be OFF or AUDIT.', 'OFF', 'AUDIT'),
      AdvancedSecurityAdditionalFlows: { of: { CustomAuthMode: refused('Rollcall does not enforce threat protection yet: CustomAuthMode must be AUDIT.', 'AUDIT') } },
    },
  },
  DcrConfiguration: {
    of: {
      EnableStatus: refused('Rollcall does not register clients dynamically yet: EnableStatus must be Disabled.', 'Disabled'),
      OpenDcrEnabled: refused('Rollcall does not register clients dynamically yet: OpenDcrEnabled must be false.', false),
      AuthenticatedGrantTypes: 'stored',
      OpenDcrGrantTypes: 'stored',
      AllowedScopes: 'stored',
    },
  },
  UsernameConfiguration: 'acts',
  AccountRecoverySetting: 'stored', // no operation that recovers an account is offered
  UserPoolTier: 'stored', // every feature is in every tier
  KeyConfiguration: {
    of: {
      KeyType: refused('Rollcall seals with keys of its own: KeyType must be AWS_OWNED_KEY.', 'AWS_OWNED_KEY'),
      KmsKeyArn: refused<never>('Rollcall seals with keys of its own: there can be no KmsKeyArn.'),
    },
  },
  IssuerConfiguration: { of: { Type: refused('Rollcall has the issuer that ROLLCALL_ISSUER chooses: Type must be ORIGINAL.', 'ORIGINAL') } },
  AcrConfiguration: 'stored', // no sign-in can ask for a level yet
};

const otherwise = (holds: boolean, reason: string): Refusal | undefined => (holds ? undefined : { reason });

/** Settings of a pool that go together or not. Those that need the schema are rules of the directory. */
export const poolRules: readonly Rule<CreateUserPoolRequest>[] = [
  ({ SmsConfiguration: sms }) => otherwise(!sms || (sms.SnsCallerArn === undefined) !== (sms.EumsSms === undefined),
    'SmsConfiguration needs either SnsCallerArn or EumsSms.'),

  ({ EmailConfiguration: email }) => otherwise(email?.EmailSendingAccount !== 'DEVELOPER' || email.SourceArn !== undefined,
    'EmailConfiguration needs SourceArn when EmailSendingAccount is DEVELOPER.'),

  // Tools send both forms alike; where they differ nobody could tell which one is meant.
  ({ SmsVerificationMessage, EmailVerificationMessage, EmailVerificationSubject, VerificationMessageTemplate: template }) => otherwise(
    [[SmsVerificationMessage, template?.SmsMessage], [EmailVerificationMessage, template?.EmailMessage], [EmailVerificationSubject, template?.EmailSubject]]
      .every(([old, given]) => old === undefined || given === undefined || old === given),
    'A verification message is given twice, and differs in VerificationMessageTemplate.'),

  ({ UserAttributeUpdateSettings, AutoVerifiedAttributes = [] }) => otherwise(
    (UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []).every((attribute) => AutoVerifiedAttributes.includes(attribute)),
    'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes'),

  ({ AccountRecoverySetting }) => {
    const mechanisms = AccountRecoverySetting?.RecoveryMechanisms ?? [];
    const alone = mechanisms.length < 2 || !mechanisms.some(({ Name }) => Name === 'admin_only');
    const distinct = new Set(mechanisms.map(({ Name }) => Name)).size === mechanisms.length && new Set(mechanisms.map(({ Priority }) => Priority)).size === mechanisms.length;
    return otherwise(alone, 'Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.')
      ?? otherwise(distinct, 'Account Recovery Setting cannot name a mechanism or a priority twice.');
  },

  // Without a password there is no other first factor yet: an invitation that tells none invites nobody.
  ({ AdminCreateUserConfig }) => {
    const { EmailMessage, SMSMessage } = AdminCreateUserConfig?.InviteMessageTemplate ?? {};
    return otherwise([EmailMessage, SMSMessage].every((text) => text === undefined || (text.includes('{username}') && text.includes('{####}'))),
      'InviteMessageTemplate must contain {username} and {####}.');
  },
];

export const judgePoolInput = (input: CreateUserPoolRequest): readonly Refusal[] => refusalsOf(poolRulings, poolRules, input);

/** @throws {AwsException} for the first setting that is refused */
export const demandPoolSettings = (input: CreateUserPoolRequest): void => demandNone(judgePoolInput(input));
