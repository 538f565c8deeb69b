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

export const notMine: Answer = { is: 'not-mine' };

/** @throws {DomainError} `InvalidParameter` */
export function required({ parameters }: Pick<Step, 'parameters'>, name: string): string {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined || value === '') throw refusal('InvalidParameter', { reason: `Missing required parameter ${name}` });
  return value;
}
