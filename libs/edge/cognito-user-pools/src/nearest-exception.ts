import type { ExceptionName } from './gen/operations.js';

/**
 * Told by any operation: what can stop every call, and what clients of one operation know from its documentation although
 * the model leaves it out (AliasExists of AdminCreateUser).
 */
const told = new Set<string>(['AccessDeniedException', 'TooManyRequestsException', 'AliasExistsException'] satisfies (ExceptionName | 'AccessDeniedException')[]);

/** What says nearly the same, best first. */
const alternatives: Partial<Record<ExceptionName, readonly ExceptionName[]>> = {
  InternalErrorException: ['InternalServerException'],
  NotAuthorizedException: ['UnauthorizedException', 'AccessDeniedException'],
  PasswordHistoryPolicyViolationException: ['InvalidPasswordException'],
  RefreshTokenReuseException: ['NotAuthorizedException'],
  UserNotConfirmedException: ['NotAuthorizedException'],
  PasswordResetRequiredException: ['NotAuthorizedException'],
  UserNotFoundException: ['NotAuthorizedException', 'ResourceNotFoundException'],
  LimitExceededException: ['TooManyFailedAttemptsException', 'TooManyRequestsException'],
  CodeMismatchException: ['NotAuthorizedException'],
  ExpiredCodeException: ['NotAuthorizedException'],
  UnsupportedUserStateException: ['NotAuthorizedException'],
  UsernameExistsException: ['AliasExistsException'],
};

/**
 * The exception that an operation answers with where a rule would have `type`: `type` itself if the operation lists it or
 * any may answer it, else the nearest that it lists, else InvalidParameterException. The text stays the rule's.
 */
export function nearestException(type: string, listed: readonly string[]): string {
  if (listed.includes(type) || told.has(type)) return type;
  const [nearest] = (alternatives[type as ExceptionName] ?? []).filter((other) => listed.includes(other));
  if (nearest) return nearest;
  return type === 'InternalErrorException' ? type : 'InvalidParameterException';
}
