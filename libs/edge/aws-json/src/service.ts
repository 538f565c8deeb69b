import type { CallContext } from '@rollcall/contracts';
import type { Clock, DomainError } from '@rollcall/kernel';

import type { AuditTrail } from './audit-trail.js';
import type { ServiceFacts } from './facts.js';
import type { Row, TokenPrincipal } from './rows.js';
import type { SigningKeyOf } from './sigv4/verify.js';

/** What an input says about where it belongs and who sent it, read before any port is asked. */
export interface InputPlace {
  readonly poolId?: string | undefined;
  readonly clientId?: string | undefined;
  /** The user's name as typed. */
  readonly name?: string | undefined;
  readonly encodedData?: string | undefined;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

/** An exception's name and text, as clients see them. */
export interface AwsError {
  readonly type: string;
  readonly message: string;
}

/** One service of AWS as it is offered. */
export interface JsonService<Ports> {
  readonly facts: ServiceFacts;
  /** By operation; a name of the model without a row is not offered. */
  readonly rows: Readonly<Record<string, Row<Ports>>>;
  /** Operations that callers may use unsigned although the model marks them signed. */
  readonly unsignedToo: ReadonlySet<string>;
  /** Thrown for inputs that break the model's constraints. */
  readonly constraintException: string;
  placeOf(input: Readonly<Record<string, unknown>>): InputPlace;
  /** Some texts differ by operation. `undefined` for a code that the service does not know. */
  errorOf(error: DomainError, operation: string): AwsError | undefined;
  /** The exception, among those that an operation lists, that says what `type` says. */
  nearest(type: string, listed: readonly string[]): string;
  /** Codes that mean: no such pool or client. */
  readonly nowhere: ReadonlySet<string>;
}

/** Takes facts that name no person. */
export interface EdgeLog {
  error(facts: Readonly<Record<string, string | number>>, message: string): void;
}

export interface EdgeNeeds<Ports> {
  readonly ports: Ports;
  readonly signingKeyOf: SigningKeyOf;
  /**
   * Verifies an access token: signature, expiry, scope of the API, and that it has not been revoked.
   * @throws {DomainError} `AccessToken*`, `ScopeMissing`, `UserNotFound`; with `poolId` in its details once the signature is known to be good
   */
  checkToken(accessToken: string, call: CallContext): Promise<TokenPrincipal>;
  readonly audit: AuditTrail;
  readonly log: EdgeLog;
  readonly clock: Clock;
  /** Regions that callers may sign for; `undefined`: any. */
  readonly regions?: readonly string[] | undefined;
  readonly accountId: string;
}
