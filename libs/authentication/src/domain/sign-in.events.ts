import { defineEvent, typeOf, type EventOf } from '@rollcall/kernel';

import type { ChallengeName } from './challenge-names.js';
import type { FlowName } from './flows.js';
import type { Proof } from './proof.js';

/**
 * What happens in one sign-in. These are never stored: they fold into the state that travels sealed from step to step,
 * for a user's stream must not grow with traffic.
 */
export const begun = defineEvent('authentication.sign-in.begun', { data: typeOf<Readonly<{ flow: FlowName }>>() });
export const challengeSet = defineEvent('authentication.sign-in.challenge-set', { data: typeOf<Readonly<{ challenge: ChallengeName }>>() });
export const factorProved = defineEvent('authentication.sign-in.factor-proved', { data: typeOf<Proof>() });
export const completed = defineEvent('authentication.sign-in.completed', { data: typeOf<Readonly<Record<never, never>>>() });

export const signInEvents = { begun, challengeSet, factorProved, completed };
export type SignInEvent = EventOf<typeof signInEvents>;
