import type { ErrorCode } from '@rollcall/contracts';
import type { DomainError, ErrorDetails } from '@rollcall/kernel';
import type { AwsError } from '@rollcall/edge-aws-json';

import type { ExceptionName, Operations } from './gen/operations.js';

/** Exceptions that every service of AWS has, besides the model's. */
type Exception = ExceptionName | 'AccessDeniedException';
type Told = readonly [type: Exception, message: string];
/** Said alike everywhere, or by the error's details and the operation. */
type Mapping = Told | ((details: ErrorDetails, operation: keyof Operations) => Told);

const detail = (details: ErrorDetails, name: string, otherwise = ''): string => String(details[name] ?? otherwise);

/** Flows are refused in three wordings, each matched by clients. */
function flowText(flow: string): string {
  if (flow === 'USER_SRP_AUTH' || flow === 'CUSTOM_AUTH' || flow === 'USER_AUTH') return `${flow} is not enabled for the client.`;
  return flow.startsWith('ADMIN_') ? 'Auth flow not enabled for this client' : `${flow} flow not enabled for this client`;
}

const readsSecretHashFromParameters = new Set<keyof Operations>(['InitiateAuth', 'RespondToAuthChallenge', 'AdminInitiateAuth', 'AdminRespondToAuthChallenge']);
/** Unsigned operations that name a user by client and name. */
const byClientAndName = new Set<keyof Operations>(['ConfirmSignUp', 'ResendConfirmationCode', 'ForgotPassword', 'ConfirmForgotPassword']);

/**
 * How each refusal reads in the API. Where public lists of real answers have a wording, clients match it: it is kept to
 * the letter, without a full stop where there is none.
 */
export const awsErrors: Readonly<Record<ErrorCode, Mapping>> = {
  InvalidParameter: (details) => ['InvalidParameterException', detail(details, 'reason', `Invalid value for ${detail(details, 'what', 'a parameter')}.`)],
  PoolNotFound: (details) => ['ResourceNotFoundException', `User pool ${detail(details, 'poolId')} does not exist.`],
  PoolDeletionProtected: ['InvalidParameterException', 'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.'],
  ClientNotFound: (details) => ['ResourceNotFoundException', `User pool client ${detail(details, 'clientId')} does not exist.`],
  UserNotFound: (_details, operation) => ['UserNotFoundException', byClientAndName.has(operation) ? 'Username/client id combination not found.' : 'User does not exist.'],
  UsernameTaken: (_details, operation) => ['UsernameExistsException', operation === 'AdminCreateUser' ? 'User account already exists' : 'User already exists'],
  NameAttributeTaken: (details) => ['UsernameExistsException', `An account with the given ${detail(details, 'kind')} already exists.`],
  AliasTaken: (details) => ['AliasExistsException', `An account with the ${detail(details, 'kind')} already exists.`],
  AttributeInvalid: (details) => ['InvalidParameterException', detail(details, 'rule')],
  AttributeNotWritable: (details) => ['NotAuthorizedException', detail(details, 'rule', 'A client attempted to write unauthorized attribute')],
  UserDisabled: ['NotAuthorizedException', 'User is disabled.'],
  UserNotConfirmed: ['UserNotConfirmedException', 'User is not confirmed.'],
  AlreadyConfirmed: (details, operation) => operation === 'ResendConfirmationCode'
    ? ['InvalidParameterException', 'User is already confirmed.']
    : ['NotAuthorizedException', `User cannot be confirmed. Current status is ${detail(details, 'status', 'CONFIRMED')}`],
  UnsupportedUserState: (_details, operation) => ['UnsupportedUserStateException', operation === 'AdminCreateUser'
    ? 'Resend not possible. Status is not FORCE_CHANGE_PASSWORD'
    : 'The request is not possible in the current state of the user.'],
  PasswordResetRequired: ['PasswordResetRequiredException', 'Password reset required for the user'],
  PasswordMismatch: ['NotAuthorizedException', 'Incorrect username or password.'],
  PasswordRejected: (details) => ['InvalidPasswordException', detail(details, 'rule')],
  PasswordReused: ['PasswordHistoryPolicyViolationException', 'Password has previously been used'],
  TemporaryPasswordExpired: ['NotAuthorizedException', 'Temporary password has expired and must be reset by an administrator.'],
  TooManyAttempts: ['NotAuthorizedException', 'Password attempts exceeded'],
  AttemptLimitExceeded: ['LimitExceededException', 'Attempt limit exceeded, please try after some time.'],
  CodeMismatch: ['CodeMismatchException', 'Invalid verification code provided, please try again.'],
  CodeExpired: ['ExpiredCodeException', 'Invalid code provided, please request a code again.'],
  NoDeliveryChannel: (_details, operation) => ['InvalidParameterException', operation === 'ForgotPassword'
    ? 'Cannot reset password for the user as there is no registered/verified email or phone_number'
    : operation === 'ResendConfirmationCode' ? 'Cannot resend codes. Auto verification not turned on.' : 'There is no email or phone_number to deliver to.'],
  CodeDeliveryFailed: ['CodeDeliveryFailureException', 'The code could not be delivered.'],
  SessionInvalid: ['NotAuthorizedException', 'Invalid session for the user.'],
  SessionExpired: ['NotAuthorizedException', 'Invalid session for the user, session is expired.'],
  SessionUsed: ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.'],
  SecretHashMissing: (details, operation) => ['NotAuthorizedException', readsSecretHashFromParameters.has(operation)
    ? `Client ${detail(details, 'clientId')} is configured with secret but SECRET_HASH was not received`
    : `Client ${detail(details, 'clientId')} is configured for secret but secret was not received`],
  SecretHashMismatch: (details) => ['NotAuthorizedException', `Unable to verify secret hash for client ${detail(details, 'clientId')}`],
  ClientSecretMismatch: ['NotAuthorizedException', 'Unable to verify the secret of the client'],
  FlowNotEnabled: (details) => ['InvalidParameterException', flowText(detail(details, 'flow'))],
  FlowNotSupported: ['InvalidParameterException', 'Initiate Auth method not supported.'],
  SignUpNotAllowed: ['NotAuthorizedException', 'SignUp is not permitted for this user pool'],
  AccessTokenInvalid: ['NotAuthorizedException', 'Invalid Access Token'],
  AccessTokenExpired: ['NotAuthorizedException', 'Access Token has expired'],
  AccessTokenRevoked: ['NotAuthorizedException', 'Access Token has been revoked'],
  ScopeMissing: ['NotAuthorizedException', 'Access Token does not have required scopes'],
  RefreshTokenInvalid: ['NotAuthorizedException', 'Invalid Refresh Token'],
  RefreshTokenExpired: ['NotAuthorizedException', 'Refresh Token has expired'],
  RefreshTokenRevoked: ['NotAuthorizedException', 'Refresh Token has been revoked'],
  RefreshTokenReused: ['RefreshTokenReuseException', 'Refresh Token has been revoked'],
  UnsupportedTokenType: ['UnsupportedTokenTypeException', 'Unsupported token type'],
  RevocationDisabled: ['UnsupportedOperationException', 'Token revocation is not enabled for this client'],
  UserChangedMeanwhile: ['TooManyRequestsException', 'Too many requests'], // clients try again by themselves
  AccessDenied: (details) => ['AccessDeniedException', `Not authorized to perform ${detail(details, 'operation', 'this operation')}`],
  TriggerRefused: (details) => ['UserLambdaValidationException', `${detail(details, 'trigger')} failed with error ${detail(details, 'reason')}.`],
  TriggerFailed: (details) => ['UnexpectedLambdaException', `${detail(details, 'trigger')} could not be run.`],
  RiskBlocked: ['NotAuthorizedException', 'Request not allowed due to security reasons.'],
  TooManyRequests: ['TooManyRequestsException', 'Too many requests'],
  Unavailable: ['InternalErrorException', 'Internal error'],
  DeadlineExceeded: ['InternalErrorException', 'Internal error'],
};

/** `undefined` for a code outside of the closed set. */
export function errorOf({ code, details }: DomainError, operation: string): AwsError | undefined {
  if (!Object.hasOwn(awsErrors, code)) return undefined;
  const mapping = awsErrors[code as ErrorCode];
  const [type, message] = typeof mapping === 'function' ? mapping(details, operation as keyof Operations) : mapping;
  return { type, message };
}
