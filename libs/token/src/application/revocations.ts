import { definitionsOf, execute, type Caused, type EventStore, type Log, type RequestIds } from '@rollcall/eventing';
import { epochMillis, secondsOf, type Clock } from '@rollcall/kernel';

import { familyDecider } from '../domain/family-revocation.js';
import { familyEvents, type RevocationReason } from '../domain/family.events.js';
import type { Families, Revocation } from './families.js';

export interface RevocationNeeds {
  readonly store: EventStore;
  readonly ids: RequestIds;
  readonly clock: Clock;
  readonly families: Pick<Families, 'revoke' | 'untold' | 'told'>;
}

export const familyStream = (family: string): string => `token.family-${family}`;

const families = { decider: familyDecider, definitions: definitionsOf(familyEvents) };

/** The row ends the family at once, the event tells of it. A process that dies between the two leaves the note that heals it. */
export const endFamily = (needs: RevocationNeeds) =>
  async (family: string, reason: RevocationReason, call: Caused, request?: Uint8Array): Promise<void> => {
    const revocation = await needs.families.revoke(family, reason, call, request);
    if (revocation) await tell(needs, revocation, call);
  };

/** A note is that old before others look after it: until then its own call does. */
const CARE_MILLIS = 10_000;
const BATCH = 100;

/**
 * Looks once at every note. One that cannot be told keeps no other from being told, and is tried again in a later round.
 *
 * @param goesOn asked before each note
 * @returns how many events were missing or had not been seen to be there
 */
export async function tellUntold(needs: RevocationNeeds & { readonly log: Pick<Log, 'warn'> }, goesOn: () => boolean = () => true): Promise<number> {
  let told = 0;
  for (let last: Revocation | undefined; ;) {
    const untold = await needs.families.untold(CARE_MILLIS, BATCH, last);
    for (const revocation of untold) {
      if (!goesOn()) return told;
      const { family, cause } = revocation;
      try {
        await tell(needs, revocation, { ...cause, effects: { eventIds: [] } });
        told += 1;
      } catch (error) {
        needs.log.warn({ error, family, correlationId: cause.correlationId }, 'a revocation could not be told to the log and is tried again');
      }
    }
    last = untold.at(-1);
    if (untold.length < BATCH) return told;
  }
}

/** Whoever tells it, and however often: the stream takes it once. */
async function tell(needs: RevocationNeeds, { cause: _, at, ...revocation }: Revocation, call: Caused): Promise<void> {
  const command = { do: 'record-revocation', ...revocation, at: secondsOf(epochMillis(at)) } as const;
  await execute({ store: needs.store, ids: needs.ids, now: needs.clock.now }, families, familyStream(revocation.family), command, { ...call, requestKey: undefined });
  await needs.families.told(revocation.family);
}
