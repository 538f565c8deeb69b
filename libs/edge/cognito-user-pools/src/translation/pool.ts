import { poolSettings, type wire } from '@rollcall/contracts';
import { regionOf } from '@rollcall/kernel';

import type { CreateUserPoolRequest, UserPoolDescriptionType, UserPoolType } from '../gen/shapes.js';

/** A pool as DescribeUserPool shows it: the settings as they were given, defaults where the service shows them. */
export function poolOut({ pool, estimatedNumberOfUsers }: wire.directory.PoolDescription, accountId: string): UserPoolType {
  if (!pool) return {};
  const { PoolName, Schema: _, UserPoolTags, ...given } = JSON.parse(pool.settingsJson) as CreateUserPoolRequest;
  const effective = poolSettings(pool.settingsJson);
  const { MinimumLength, RequireUppercase, RequireLowercase, RequireNumbers, RequireSymbols, TemporaryPasswordValidityDays, PasswordHistorySize } =
    effective.Policies.PasswordPolicy;
  return {
    MfaConfiguration: 'OFF',
    UserPoolTier: 'ESSENTIALS',
    ...given,
    Id: pool.poolId,
    Name: PoolName,
    Arn: `arn:aws:cognito-idp:${regionOf(pool.poolId)}:${accountId}:userpool/${pool.poolId}`,
    CreationDate: pool.createdAt,
    LastModifiedDate: pool.updatedAt,
    Policies: {
      PasswordPolicy: {
        MinimumLength,
        RequireUppercase,
        RequireLowercase,
        RequireNumbers,
        RequireSymbols,
        TemporaryPasswordValidityDays,
        ...(PasswordHistorySize > 0 ? { PasswordHistorySize } : {}),
      },
      SignInPolicy: given.Policies?.SignInPolicy ?? { AllowedFirstAuthFactors: ['PASSWORD'] },
    },
    DeletionProtection: effective.DeletionProtection,
    LambdaConfig: given.LambdaConfig ?? {},
    SchemaAttributes: effective.SchemaAttributes,
    VerificationMessageTemplate: {
      ...given.VerificationMessageTemplate,
      DefaultEmailOption: effective.VerificationMessageTemplate.DefaultEmailOption,
    },
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT', ...given.EmailConfiguration },
    AdminCreateUserConfig: {
      ...given.AdminCreateUserConfig,
      AllowAdminCreateUserOnly: effective.AdminCreateUserConfig.AllowAdminCreateUserOnly,
      UnusedAccountValidityDays: TemporaryPasswordValidityDays,
    },
    UsernameConfiguration: { CaseSensitive: effective.UsernameConfiguration.CaseSensitive },
    UserPoolTags: UserPoolTags ?? {},
    EstimatedNumberOfUsers: estimatedNumberOfUsers,
  };
}

/** A pool as ListUserPools shows it. */
export function poolLine({ poolId, settingsJson, createdAt, updatedAt }: wire.directory.Pool): UserPoolDescriptionType {
  const { PoolName, LambdaConfig } = JSON.parse(settingsJson) as CreateUserPoolRequest;
  return { Id: poolId, Name: PoolName, LambdaConfig: LambdaConfig ?? {}, CreationDate: createdAt, LastModifiedDate: updatedAt };
}
