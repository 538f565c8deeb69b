import { defineEvent, typeOf, type EpochSeconds, type EventOf } from '@rollcall/kernel';

/** `reuse`: a rotated refresh token came back, so somebody else has it. `request`: its holder asked. */
export type RevocationReason = 'reuse' | 'request';

type Revoked = Readonly<{ family: string; poolId: string; clientId: string; sub: string; reason: RevocationReason; at: EpochSeconds }>;

/** All refresh and access tokens of one sign-in are refused from then on. */
export const familyRevoked = defineEvent('token.family.revoked', { data: typeOf<Revoked>() });

export const familyEvents = { familyRevoked };
export type FamilyEvent = EventOf<typeof familyEvents>;
