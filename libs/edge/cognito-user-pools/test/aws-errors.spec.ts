import { errorCodes, type ErrorCode } from '@rollcall/contracts';
import { DomainError, type ErrorDetails } from '@rollcall/kernel';
import { describe, expect, it } from '@jest/globals';

import { errorOf } from '../src/aws-errors.js';
import { facts } from '../src/gen/facts.js';
import { nearestException } from '../src/nearest-exception.js';

const told = (code: ErrorCode, details: ErrorDetails = {}, operation = 'InitiateAuth') => {
  const { type, message } = errorOf(new DomainError(code, details), operation) ?? {};
  return `${type}: ${message}`;
};

describe('a refusal in the words of the API', () => {
  it.each<[ErrorCode, ErrorDetails, string, string]>([
    ['PasswordMismatch', {}, 'InitiateAuth', 'NotAuthorizedException: Incorrect username or password.'],
    ['TooManyAttempts', {}, 'InitiateAuth', 'NotAuthorizedException: Password attempts exceeded'],
    ['UserDisabled', {}, 'InitiateAuth', 'NotAuthorizedException: User is disabled.'],
    ['UserNotConfirmed', {}, 'InitiateAuth', 'UserNotConfirmedException: User is not confirmed.'],
    ['UserNotFound', {}, 'InitiateAuth', 'UserNotFoundException: User does not exist.'],
    ['UserNotFound', {}, 'ConfirmSignUp', 'UserNotFoundException: Username/client id combination not found.'],
    ['UsernameTaken', {}, 'SignUp', 'UsernameExistsException: User already exists'],
    ['UsernameTaken', {}, 'AdminCreateUser', 'UsernameExistsException: User account already exists'],
    ['NameAttributeTaken', { kind: 'email' }, 'SignUp', 'UsernameExistsException: An account with the given email already exists.'],
    ['AliasTaken', { kind: 'phone_number' }, 'ConfirmSignUp', 'AliasExistsException: An account with the phone_number already exists.'],
    ['AlreadyConfirmed', { status: 'CONFIRMED' }, 'ConfirmSignUp', 'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED'],
    ['AlreadyConfirmed', { status: 'CONFIRMED' }, 'ResendConfirmationCode', 'InvalidParameterException: User is already confirmed.'],
    ['UnsupportedUserState', {}, 'AdminCreateUser', 'UnsupportedUserStateException: Resend not possible. Status is not FORCE_CHANGE_PASSWORD'],
    ['PasswordRejected', { rule: 'Password did not conform with password policy: Password not long enough' }, 'SignUp', 'InvalidPasswordException: Password did not conform with password policy: Password not long enough'],
    ['TemporaryPasswordExpired', {}, 'InitiateAuth', 'NotAuthorizedException: Temporary password has expired and must be reset by an administrator.'],
    ['AttemptLimitExceeded', {}, 'ConfirmSignUp', 'LimitExceededException: Attempt limit exceeded, please try after some time.'],
    ['CodeMismatch', {}, 'ConfirmSignUp', 'CodeMismatchException: Invalid verification code provided, please try again.'],
    ['CodeExpired', {}, 'ConfirmSignUp', 'ExpiredCodeException: Invalid code provided, please request a code again.'],
    ['SessionExpired', {}, 'RespondToAuthChallenge', 'NotAuthorizedException: Invalid session for the user, session is expired.'],
    ['SessionUsed', {}, 'RespondToAuthChallenge', 'NotAuthorizedException: Invalid session for the user, session can only be used once.'],
    ['SecretHashMismatch', { clientId: 'c1' }, 'InitiateAuth', 'NotAuthorizedException: Unable to verify secret hash for client c1'],
    ['SecretHashMissing', { clientId: 'c1' }, 'InitiateAuth', 'NotAuthorizedException: Client c1 is configured with secret but SECRET_HASH was not received'],
    ['SecretHashMissing', { clientId: 'c1' }, 'SignUp', 'NotAuthorizedException: Client c1 is configured for secret but secret was not received'],
    ['FlowNotEnabled', { flow: 'USER_PASSWORD_AUTH' }, 'InitiateAuth', 'InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client'],
    ['FlowNotEnabled', { flow: 'USER_SRP_AUTH' }, 'InitiateAuth', 'InvalidParameterException: USER_SRP_AUTH is not enabled for the client.'],
    ['FlowNotEnabled', { flow: 'ADMIN_USER_PASSWORD_AUTH' }, 'AdminInitiateAuth', 'InvalidParameterException: Auth flow not enabled for this client'],
    ['PoolNotFound', { poolId: 'us-east-1_A' }, 'DescribeUserPool', 'ResourceNotFoundException: User pool us-east-1_A does not exist.'],
    ['ClientNotFound', { clientId: 'c1' }, 'SignUp', 'ResourceNotFoundException: User pool client c1 does not exist.'],
    ['AccessTokenInvalid', {}, 'GetUser', 'NotAuthorizedException: Invalid Access Token'],
    ['AccessTokenExpired', {}, 'GetUser', 'NotAuthorizedException: Access Token has expired'],
    ['AccessTokenRevoked', {}, 'GetUser', 'NotAuthorizedException: Access Token has been revoked'],
    ['RefreshTokenInvalid', {}, 'InitiateAuth', 'NotAuthorizedException: Invalid Refresh Token'],
    ['RefreshTokenRevoked', {}, 'InitiateAuth', 'NotAuthorizedException: Refresh Token has been revoked'],
    ['SignUpNotAllowed', {}, 'SignUp', 'NotAuthorizedException: SignUp is not permitted for this user pool'],
    ['UserChangedMeanwhile', {}, 'InitiateAuth', 'TooManyRequestsException: Too many requests'],
    ['AttributeInvalid', { attribute: 'email', rule: 'Invalid email address format.' }, 'SignUp', 'InvalidParameterException: Invalid email address format.'],
    ['AttributeNotWritable', { attribute: 'sub' }, 'SignUp', 'NotAuthorizedException: A client attempted to write unauthorized attribute'],
    ['AttributeNotWritable', { attribute: 'email', rule: 'Cannot modify an already provided email' }, 'RespondToAuthChallenge', 'NotAuthorizedException: Cannot modify an already provided email'],
    ['InvalidParameter', { reason: 'Missing required parameter PASSWORD' }, 'InitiateAuth', 'InvalidParameterException: Missing required parameter PASSWORD'],
    ['InvalidParameter', { what: 'UserPoolId' }, 'DescribeUserPool', 'InvalidParameterException: Invalid value for UserPoolId.'],
    ['Unavailable', { what: 'audit' }, 'SignUp', 'InternalErrorException: Internal error'],
  ])('%s %j of %s', (code, details, operation, text) => expect(told(code, details, operation)).toBe(text));

  it('exists for every code, and names an exception of the model', () => {
    for (const code of errorCodes) {
      const error = errorOf(new DomainError(code, { rule: 'Some say nothing but the rule' }), 'SignUp');
      expect([code, Object.hasOwn(facts.shapes, error?.type ?? '')]).toEqual([code, true]);
      expect([code, error?.message === '']).toEqual([code, false]);
    }
  });

  it.each(['nothing', 'constructor', '__proto__'])('exists for no other code: %s', (code) => expect(errorOf(new DomainError(code), 'SignUp')).toBeUndefined());
});

describe('the exception of an operation', () => {
  it('is one that the operation lists, whatever the refusal, but for those that any may answer', () => {
    const anywhere = new Set(['AccessDeniedException', 'TooManyRequestsException', 'AliasExistsException', 'InternalErrorException']);
    for (const [operation, { errors }] of Object.entries(facts.operations)) {
      for (const code of errorCodes) {
        const type = nearestException(errorOf(new DomainError(code), operation)?.type ?? '', errors);
        expect([operation, code, type, errors.includes(type) || anywhere.has(type)]).toEqual([operation, code, type, true]);
      }
    }
  });

  it.each([
    ['RevokeToken', 'NotAuthorizedException', 'UnauthorizedException'],
    ['ListUserPoolClientSecrets', 'InternalErrorException', 'InternalServerException'],
    ['InitiateAuth', 'RefreshTokenReuseException', 'NotAuthorizedException'],
    ['GetTokensFromRefreshToken', 'RefreshTokenReuseException', 'RefreshTokenReuseException'],
    ['AdminSetUserPassword', 'LimitExceededException', 'TooManyRequestsException'],
    ['RevokeToken', 'ResourceNotFoundException', 'InvalidParameterException'],
    ['GetSigningCertificate', 'InternalErrorException', 'InternalErrorException'],
  ])('%s tells %s as %s', (operation, type, nearest) => expect(nearestException(type, facts.operations[operation]?.errors ?? [])).toBe(nearest));
});
