import { clientSettings, type wire } from '@rollcall/contracts';

import type { CreateUserPoolClientRequest, UserPoolClientDescription, UserPoolClientType } from '../gen/shapes.js';

const unitSeconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** An app client as DescribeUserPoolClient shows it: as it was given, defaults where the service shows them, its newest secret in clear. */
export function clientOut({ clientId, poolId, settingsJson, createdAt, updatedAt, secrets }: wire.directory.Client): UserPoolClientType {
  const given = JSON.parse(settingsJson) as Partial<CreateUserPoolClientRequest>;
  const effective = clientSettings(settingsJson);
  const secret = secrets[0]?.value;
  return {
    AllowedOAuthFlowsUserPoolClient: false,
    EnablePropagateAdditionalUserContextData: false,
    ...given,
    UserPoolId: poolId,
    ClientId: clientId,
    ...(secret === undefined ? {} : { ClientSecret: secret }),
    CreationDate: createdAt,
    LastModifiedDate: updatedAt,
    ExplicitAuthFlows: given.ExplicitAuthFlows ?? ([...effective.flows].sort() as NonNullable<UserPoolClientType['ExplicitAuthFlows']>),
    RefreshTokenValidity: effective.refreshTokenSeconds / unitSeconds[given.TokenValidityUnits?.RefreshToken ?? 'days'],
    PreventUserExistenceErrors: given.PreventUserExistenceErrors ?? 'LEGACY',
    EnableTokenRevocation: effective.tokenRevocation,
    AuthSessionValidity: effective.authSessionSeconds / 60,
    ClientType: 'REGULAR',
  };
}

/** A client as ListUserPoolClients shows it: names only. */
export const clientLine = ({ clientId, poolId, settingsJson }: wire.directory.Client): UserPoolClientDescription =>
  ({ ClientId: clientId, UserPoolId: poolId, ClientName: clientSettings(settingsJson).ClientName });
