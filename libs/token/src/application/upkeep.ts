import { repeatedly, type Log, type Time } from '@rollcall/eventing';

import type { Families } from './families.js';
import type { KeySupply } from './key-supply.js';
import { tellUntold, type RevocationNeeds } from './revocations.js';

export interface UpkeepNeeds extends RevocationNeeds {
  readonly families: Families;
  readonly supply: KeySupply;
  readonly time: Time;
  readonly log: Log;
}

const EVERY_MILLIS = 10_000;
const SWEEP_EVERY_MILLIS = 60_000;
/** Each may bring a thousand rotated tokens with it, and no transaction shall last. */
const SWEEP_FAMILIES = 100;

/** What the service does unasked, in every process: heals, sweeps, and keeps signing keys in reserve. Start it after listening. */
export function startUpkeep(needs: UpkeepNeeds): { stop(): Promise<void> } {
  const { families, supply, time, log } = needs;
  let sweptAt = 0;

  const round = async (goesOn: () => boolean) => {
    await tellUntold(needs, goesOn);
    if (time.now() - sweptAt < SWEEP_EVERY_MILLIS) return;
    sweptAt = time.now();
    while (await families.sweep(SWEEP_FAMILIES) > 0 && goesOn());
  };
  supply.refill();
  const rounds = repeatedly(time, EVERY_MILLIS, round, (error) => log.warn({ error }, 'upkeep of refresh families waits'));

  return { stop: async () => void (await Promise.all([rounds.stop(), supply.stop()])) };
}
