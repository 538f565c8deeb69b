import { standardAttributes, type SchemaAttribute } from './schema-attributes.js';

/** How long a password must be and of what, with Cognito's defaults filled in. */
export interface PasswordPolicy {
  readonly MinimumLength: number;
  readonly RequireUppercase: boolean;
  readonly RequireLowercase: boolean;
  readonly RequireNumbers: boolean;
  readonly RequireSymbols: boolean;
  readonly PasswordHistorySize: number;
  readonly TemporaryPasswordValidityDays: number;
}

export type NameAttribute = 'email' | 'phone_number';
export type AliasAttribute = NameAttribute | 'preferred_username';

/**
 * What a pool's stored settings mean to the services: the members that act, in the API's names, with defaults filled in.
 * Members that are only echoed are not listed.
 */
export interface PoolSettings {
  readonly PoolName: string;
  readonly Policies: { readonly PasswordPolicy: PasswordPolicy };
  readonly DeletionProtection: 'ACTIVE' | 'INACTIVE';
  readonly AutoVerifiedAttributes: readonly NameAttribute[];
  /** Either this or `UsernameAttributes`. */
  readonly AliasAttributes: readonly AliasAttribute[];
  readonly UsernameAttributes: readonly NameAttribute[];
  readonly UsernameConfiguration: { readonly CaseSensitive: boolean };
  readonly AdminCreateUserConfig: {
    readonly AllowAdminCreateUserOnly: boolean;
    readonly InviteMessageTemplate: { readonly SMSMessage?: string; readonly EmailMessage?: string; readonly EmailSubject?: string };
  };
  readonly VerificationMessageTemplate: {
    readonly SmsMessage?: string;
    readonly EmailMessage?: string;
    readonly EmailSubject?: string;
    readonly DefaultEmailOption: 'CONFIRM_WITH_CODE' | 'CONFIRM_WITH_LINK';
  };
  readonly EmailConfiguration: { readonly From?: string; readonly ReplyToEmailAddress?: string };
  /** All attributes of the pool: the 20 standard ones as overridden, then the custom ones under their full names. */
  readonly SchemaAttributes: readonly SchemaAttribute[];
}

type Stored = Readonly<Record<string, unknown>>;
const member = (value: unknown): Stored => (value !== null && typeof value === 'object' ? (value as Stored) : {});

const passwordPolicyDefaults: PasswordPolicy = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  PasswordHistorySize: 0,
  TemporaryPasswordValidityDays: 7,
};

/**
 * A policy that names some members has `false` for the requirements it does not name, as a policy that is set has. 0 days
 * mean the default.
 * @see Amazon Cognito API reference, PasswordPolicyType
 */
function passwordPolicy(given: Stored | undefined): PasswordPolicy {
  if (given === undefined) return passwordPolicyDefaults;
  const { TemporaryPasswordValidityDays: days, ...others } = given;
  return {
    ...passwordPolicyDefaults,
    RequireUppercase: false,
    RequireLowercase: false,
    RequireNumbers: false,
    RequireSymbols: false,
    ...others,
    ...(days ? { TemporaryPasswordValidityDays: Number(days) } : {}),
  };
}

/** Reads the canonical JSON text of a pool's settings. Defaults: reference of CreateUserPool and measured answers. */
export function poolSettings(settingsJson: string): PoolSettings {
  const stored = JSON.parse(settingsJson) as Stored;
  const policies = member(stored['Policies']);
  const template = member(stored['VerificationMessageTemplate']);
  const admin = member(stored['AdminCreateUserConfig']);
  const text = (...candidates: unknown[]) => candidates.find((c): c is string => typeof c === 'string');
  const optional = <K extends string>(key: K, value: string | undefined) => (value === undefined ? {} : { [key]: value });
  return {
    PoolName: text(stored['PoolName']) ?? '',
    Policies: { PasswordPolicy: passwordPolicy(policies['PasswordPolicy'] as Stored | undefined) },
    DeletionProtection: stored['DeletionProtection'] === 'ACTIVE' ? 'ACTIVE' : 'INACTIVE',
    AutoVerifiedAttributes: (stored['AutoVerifiedAttributes'] ?? []) as NameAttribute[],
    AliasAttributes: (stored['AliasAttributes'] ?? []) as AliasAttribute[],
    UsernameAttributes: (stored['UsernameAttributes'] ?? []) as NameAttribute[],
    UsernameConfiguration: { CaseSensitive: member(stored['UsernameConfiguration'])['CaseSensitive'] !== false },
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: admin['AllowAdminCreateUserOnly'] === true,
      InviteMessageTemplate: member(admin['InviteMessageTemplate']),
    },
    VerificationMessageTemplate: {
      ...optional('SmsMessage', text(template['SmsMessage'], stored['SmsVerificationMessage'])),
      ...optional('EmailMessage', text(template['EmailMessage'], stored['EmailVerificationMessage'])),
      ...optional('EmailSubject', text(template['EmailSubject'], stored['EmailVerificationSubject'])),
      DefaultEmailOption: template['DefaultEmailOption'] === 'CONFIRM_WITH_LINK' ? 'CONFIRM_WITH_LINK' : 'CONFIRM_WITH_CODE',
    },
    EmailConfiguration: member(stored['EmailConfiguration']),
    SchemaAttributes: schemaOf((stored['Schema'] ?? []) as readonly Partial<SchemaAttribute>[]),
  };
}

function schemaOf(given: readonly Partial<SchemaAttribute>[]): readonly SchemaAttribute[] {
  const standard = standardAttributes.map((attribute) => ({ ...attribute, ...given.find((g) => g.Name === attribute.Name) }));
  const custom = given
    .filter((g) => !standardAttributes.some((attribute) => attribute.Name === g.Name))
    .map((g): SchemaAttribute => {
      const type = g.AttributeDataType ?? 'String';
      return {
        AttributeDataType: type,
        DeveloperOnlyAttribute: false,
        Mutable: true,
        Required: false,
        ...(type === 'String' ? { StringAttributeConstraints: {} } : type === 'Number' ? { NumberAttributeConstraints: {} } : {}),
        ...g,
        Name: `${g.DeveloperOnlyAttribute ? 'dev' : 'custom'}:${g.Name}`,
      };
    });
  return [...standard, ...custom];
}
