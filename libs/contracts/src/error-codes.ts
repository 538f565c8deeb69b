/**
 * Every refusal that crosses a port. An edge maps them by `Record<ErrorCode, ...>`, so a new code does not compile until
 * each edge says how it answers. In braces the details that belong to a code.
 */
export const errorCodes = [
  /** {reason}: a sentence that names members and rules, never a value that was typed. */
  'InvalidParameter',
  /** {poolId} */
  'PoolNotFound',
  'PoolDeletionProtected',
  /** {clientId} */
  'ClientNotFound',
  'UserNotFound',
  'UsernameTaken',
  /** {kind}: email or phone_number, in a pool that signs in by it. */
  'NameAttributeTaken',
  /** {kind}: email, phone_number or preferred_username. */
  'AliasTaken',
  /** {attribute, rule}: the whole sentence that the caller is told. */
  'AttributeInvalid',
  /** {attribute}, and {rule} where the caller is told a sentence of its own. */
  'AttributeNotWritable',
  'UserDisabled',
  'UserNotConfirmed',
  /** {status} */
  'AlreadyConfirmed',
  /** {status} */
  'UnsupportedUserState',
  'PasswordResetRequired',
  'PasswordMismatch',
  /** {rule}: a sentence of the policy. */
  'PasswordRejected',
  'PasswordReused',
  'TemporaryPasswordExpired',
  /** Locked out by wrong passwords. */
  'TooManyAttempts',
  /** An hourly budget of codes is spent. */
  'AttemptLimitExceeded',
  'CodeMismatch',
  'CodeExpired',
  'NoDeliveryChannel',
  'CodeDeliveryFailed',
  'SessionInvalid',
  'SessionExpired',
  'SessionUsed',
  /** {clientId} */
  'SecretHashMissing',
  /** {clientId} */
  'SecretHashMismatch',
  'ClientSecretMismatch',
  /** {flow} */
  'FlowNotEnabled',
  'FlowNotSupported',
  'SignUpNotAllowed',
  'AccessTokenInvalid',
  'AccessTokenExpired',
  'AccessTokenRevoked',
  'ScopeMissing',
  'RefreshTokenInvalid',
  'RefreshTokenExpired',
  'RefreshTokenRevoked',
  'RefreshTokenReused',
  'UnsupportedTokenType',
  'RevocationDisabled',
  /** The credential or session generation that was proved is no longer the user's. */
  'UserChangedMeanwhile',
  /** {operation}: the caller's key does not allow it. */
  'AccessDenied',
  /** {trigger} */
  'TriggerRefused',
  /** {trigger} */
  'TriggerFailed',
  'RiskBlocked',
  'TooManyRequests',
  /** The store, a service or the audit trail cannot be reached, or the deadline has passed: nothing may be assumed. */
  'Unavailable',
  'DeadlineExceeded',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
