import { randomUUID } from 'node:crypto';

import { repeatedly, type Checkpoints, type Log, type Time } from '@rollcall/eventing';

import { reviewCredentials, type ReviewNeeds } from './review-credentials.js';
import type { RowUpkeep } from './row-upkeep.js';

export interface UpkeepNeeds extends ReviewNeeds {
  readonly checkpoints: Pick<Checkpoints, 'acquire' | 'release'>;
  readonly rows: RowUpkeep;
  readonly time: Time;
  readonly log: Log;
}

const LEASE = 'authentication.upkeep';
const LEASE_MILLIS = 120_000;
const EVERY_MILLIS = 30_000;
const SWEEP_ROWS = 1_000;

/** One round, unless another process does it now: passwords looked after, rows that have had their day deleted. */
export async function upkeepRound(needs: UpkeepNeeds, goesOn: () => boolean = () => true): Promise<void> {
  const lease = await needs.checkpoints.acquire(LEASE, LEASE_MILLIS);
  if (!lease) return;
  try {
    while (goesOn() && await reviewCredentials(needs, randomUUID()) > 0);
    while (goesOn() && await needs.rows.sweep(SWEEP_ROWS) > 0);
  } finally {
    await needs.checkpoints.release(lease);
  }
}

/** What the service tidies up by itself. */
export const startUpkeep = (needs: UpkeepNeeds): { stop(): Promise<void> } =>
  repeatedly(needs.time, EVERY_MILLIS, (goesOn) => upkeepRound(needs, goesOn), (error) => needs.log.warn({ error }, 'upkeep of passwords and codes waits'));
