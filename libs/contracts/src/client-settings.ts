export type AuthFlowSetting =
  | 'ALLOW_ADMIN_USER_PASSWORD_AUTH'
  | 'ALLOW_CUSTOM_AUTH'
  | 'ALLOW_USER_PASSWORD_AUTH'
  | 'ALLOW_USER_SRP_AUTH'
  | 'ALLOW_REFRESH_TOKEN_AUTH'
  | 'ALLOW_USER_AUTH';

/** What an app client's stored settings mean to the services, with defaults filled in; durations in seconds. */
export interface ClientSettings {
  readonly ClientName: string;
  readonly flows: ReadonlySet<AuthFlowSetting>;
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  /** How long a challenge's Session serves. */
  readonly authSessionSeconds: number;
  /** Unknown users get the same answers as known ones. */
  readonly hidesUnknownUsers: boolean;
  /** Tokens carry `origin_jti` and `jti` and can be revoked. */
  readonly tokenRevocation: boolean;
  readonly rotation: { readonly graceSeconds: number } | undefined;
  /** `undefined`: the default set. */
  readonly ReadAttributes: readonly string[] | undefined;
  readonly WriteAttributes: readonly string[] | undefined;
}

type Stored = Readonly<Record<string, unknown>>;

const unitSeconds: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Older names of flows, which cannot be mixed with the newer ones. */
const legacyFlows: Readonly<Record<string, AuthFlowSetting>> = {
  ADMIN_NO_SRP_AUTH: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  CUSTOM_AUTH_FLOW_ONLY: 'ALLOW_CUSTOM_AUTH',
  USER_PASSWORD_AUTH: 'ALLOW_USER_PASSWORD_AUTH',
};

/** A client made with legacy flow names can use SRP and refresh besides, except where it is custom-auth only. */
function flowsOf(given: readonly string[] | undefined): ReadonlySet<AuthFlowSetting> {
  if (!given || given.length === 0) return new Set(['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']);
  if (!given.some((flow) => flow in legacyFlows)) return new Set(given as AuthFlowSetting[]);
  const flows = given.flatMap((flow) => legacyFlows[flow] ?? []);
  if (given.includes('CUSTOM_AUTH_FLOW_ONLY')) return new Set<AuthFlowSetting>([...flows, 'ALLOW_REFRESH_TOKEN_AUTH']);
  return new Set<AuthFlowSetting>([...flows, 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']);
}

/**
 * Reads the canonical JSON text of a client's settings.
 * Defaults: access and ID token 60 minutes, refresh token 30 days (also for 0), AuthSessionValidity 3 minutes,
 * token revocation on, PreventUserExistenceErrors LEGACY; default units are hours, hours and days.
 */
export function clientSettings(settingsJson: string): ClientSettings {
  const stored = JSON.parse(settingsJson) as Stored;
  const units = (stored['TokenValidityUnits'] ?? {}) as Stored;
  const seconds = (member: string, unit: string, defaultUnit: string, fallbackSeconds: number) => {
    const given = stored[member];
    if (typeof given !== 'number' || given === 0) return fallbackSeconds;
    return given * (unitSeconds[(units[unit] as string | undefined) ?? defaultUnit] ?? 1);
  };
  const rotation = stored['RefreshTokenRotation'] as Stored | undefined;
  return {
    ClientName: (stored['ClientName'] as string | undefined) ?? '',
    flows: flowsOf(stored['ExplicitAuthFlows'] as string[] | undefined),
    accessTokenSeconds: seconds('AccessTokenValidity', 'AccessToken', 'hours', 3600),
    idTokenSeconds: seconds('IdTokenValidity', 'IdToken', 'hours', 3600),
    refreshTokenSeconds: seconds('RefreshTokenValidity', 'RefreshToken', 'days', 30 * 86_400),
    authSessionSeconds: 60 * Number(stored['AuthSessionValidity'] ?? 3),
    hidesUnknownUsers: stored['PreventUserExistenceErrors'] === 'ENABLED',
    tokenRevocation: stored['EnableTokenRevocation'] !== false,
    rotation: rotation?.['Feature'] === 'ENABLED' ? { graceSeconds: Number(rotation['RetryGracePeriodSeconds'] ?? 0) } : undefined,
    ReadAttributes: stored['ReadAttributes'] as string[] | undefined,
    WriteAttributes: stored['WriteAttributes'] as string[] | undefined,
  };
}
