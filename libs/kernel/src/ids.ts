import type { Brand } from './brand.js';
import { DomainError } from './domain-error.js';

/** `<region>_<9 characters of [0-9A-Za-z]>`; the clients of AWS take the region from the part before `_`. */
export type PoolId = Brand<string, 'PoolId'>;
/** 26 characters of `[a-z0-9]`. */
export type ClientId = Brand<string, 'ClientId'>;
/** The user's id for life: a UUID, version 4 or derived from a request (architecture 4.2). */
export type Sub = Brand<string, 'Sub'>;
/** Names one vault row of a user's password; holds nothing of it. */
export type CredentialId = Brand<string, 'CredentialId'>;
/** UUID, version 7 or derived from a request. */
export type EventId = Brand<string, 'EventId'>;
/** The family of a sign-in's refresh tokens, UUIDv4; `origin_jti` in its tokens. */
export type FamilyId = Brand<string, 'FamilyId'>;

const poolIdPattern = /^[\w-]{1,45}_[0-9A-Za-z]+$/;
const clientIdPattern = /^\w[\w+]{0,127}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checked<Name extends string>(pattern: RegExp, what: string) {
  return (value: string): Brand<string, Name> => {
    if (!pattern.test(value)) throw new DomainError('InvalidParameter', { what });
    return value as Brand<string, Name>;
  };
}

/** @throws {DomainError} `InvalidParameter` */
export const poolId = checked<'PoolId'>(poolIdPattern, 'UserPoolId');
/** @throws {DomainError} `InvalidParameter` */
export const clientId = checked<'ClientId'>(clientIdPattern, 'ClientId');
/** @throws {DomainError} `InvalidParameter` */
export const sub = checked<'Sub'>(uuidPattern, 'sub');
/** @throws {DomainError} `InvalidParameter` */
export const credentialId = checked<'CredentialId'>(uuidPattern, 'credentialId');
/** @throws {DomainError} `InvalidParameter` */
export const eventId = checked<'EventId'>(uuidPattern, 'eventId');

/** Whether a text has the form of a UUID in lower case. */
export const isUuid = (value: string): boolean => uuidPattern.test(value);

/** The part of a pool id before the last `_`: the region that a client signs for. */
export const regionOf = (pool: string): string => pool.slice(0, Math.max(0, pool.lastIndexOf('_')));

/** The part of a pool id after the first `_`: what SRP hashes as the pool's name. */
export const poolNameOf = (pool: string): string => pool.slice(pool.indexOf('_') + 1);
