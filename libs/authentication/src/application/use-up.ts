import { refusal, type CallContext } from '@rollcall/contracts';
import { epochSeconds } from '@rollcall/kernel';

import type { Carried } from './carried.js';
import { causeOf } from './cause.js';
import { requestMark } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';

/** How long after its end a value is remembered as used: clocks differ, and answers are under way. */
const MARGIN_SECONDS = 120;

/**
 * Uses up what a step was carried by.
 * @throws {DomainError} `SessionUsed`, unless this very request used it a moment ago
 */
export async function useUp(needs: Pick<AuthenticationNeeds, 'singleUse' | 'keys'>, { id, expiresAt, poolId, whom }: Carried, call: CallContext): Promise<void> {
  const facts = { ...causeOf(call), poolId, ...('sub' in whom ? { sub: whom.sub } : {}) };
  const passes = await needs.singleUse.use(id, epochSeconds(expiresAt + MARGIN_SECONDS), await requestMark(needs.keys, call), facts);
  if (!passes) throw refusal('SessionUsed');
}
