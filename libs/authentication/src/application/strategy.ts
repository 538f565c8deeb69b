import { refusal, type CallContext, type wire } from '@rollcall/contracts';
import type { EpochSeconds } from '@rollcall/kernel';

import type { ChallengeName } from '../domain/challenge-names.js';
import type { Factor } from '../domain/proof.js';
import type { SignInUnderWay } from '../domain/sign-in.js';
import type { Carried, Constant } from './carried.js';
import type { ClientContext } from './client-context.js';

/** One step as it was asked for. */
export interface Step {
  /** Name of the flow that begins, or of the challenge that is answered. */
  readonly name: string;
  readonly context: ClientContext;
  /** AuthParameters or ChallengeResponses. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the Session of the challenge carries, opened and awaiting this challenge; absent at the beginning. */
  readonly carried?: Carried | undefined;
  /** Of the whole sign-in, at its beginning. */
  readonly wantsProof: boolean;
  readonly signIn: SignInUnderWay;
  readonly now: EpochSeconds;
  readonly call: CallContext;
}

/** A challenge as it is put to the client. */
export interface Posed {
  readonly challenge: ChallengeName;
  readonly parameters: Readonly<Record<string, string>>;
  /** Absent where the challenge's parameters hold the state themselves. */
  readonly session?: string;
}

export type Answer =
  | { readonly is: 'not-mine' }
  | { readonly is: 'more'; readonly posed: Posed }
  | {
    readonly is: 'done';
    readonly factor: Factor;
    readonly user: wire.directory.User;
    /** What was proved, to go on with. */
    readonly carried: Constant;
  };

/** How one flow or challenge works. The machine of sign-ins knows none of them. */
export interface Strategy {
  answer(step: Step): Promise<Answer>;
  /** Parameters of this challenge for a user who is due to answer it; `undefined` where it is not this strategy's. */
  pose?(challenge: ChallengeName, user: wire.directory.User, context: ClientContext): Readonly<Record<string, string>> | undefined;
}

/** Of any user's name, in code points. @see API reference, UsernameType */
const LONGEST_NAME = 128;

/**
 * The name in which a step is taken. A longer one than any user has is refused before anybody looks for it: bringing a
 * megabyte of accents into the form of names would keep a process busy for seconds.
 *
 * @throws {DomainError} `InvalidParameter`
 */
export function requiredName(step: Pick<Step, 'parameters'>): string {
  const name = required(step, 'USERNAME');
  if (name.length <= LONGEST_NAME || (name.length <= 2 * LONGEST_NAME && [...name].length <= LONGEST_NAME)) return name;
  throw refusal('InvalidParameter', {
    reason: `1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_NAME}`,
  });
}

export const notMine: Answer = { is: 'not-mine' };

/** @throws {DomainError} `InvalidParameter` */
export function required({ parameters }: Pick<Step, 'parameters'>, name: string): string {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined || value === '') throw refusal('InvalidParameter', { reason: `Missing required parameter ${name}` });
  return value;
}
