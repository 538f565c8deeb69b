import { refusal, type CallContext } from '@rollcall/contracts';
import { inTurn } from '@rollcall/eventing';

import { sourceBlock } from '../domain/source-block.js';
import { causeOf } from './cause.js';
import { personKey, type Whom } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';

/**
 * Judges one answer to a secret, in turn per person and source: or parallel guesses are judged before the wrong ones
 * among them count. All flows share one count, over all names of a user.
 *
 * @param judge whether the answer is right. If it throws, nothing was judged and nothing counts
 * @throws {DomainError} `TooManyAttempts` while locked, whatever the answer; `PasswordMismatch`; `TooManyRequests` if more than four wait
 */
export async function judged(
  { keys, lockouts }: Pick<AuthenticationNeeds, 'keys' | 'lockouts'>,
  { poolId, whom }: { readonly poolId: string; readonly whom: Whom },
  call: CallContext,
  judge: () => Promise<boolean>,
): Promise<void> {
  const key = { person: await personKey(keys, poolId, whom), source: sourceBlock(call.source) };
  await inTurn(`password ${key.person} ${key.source}`, async () => {
    if (await lockouts.isLocked(key)) throw refusal('TooManyAttempts');
    const right = await judge();
    const open = await (right ? lockouts.clear(key) : lockouts.countWrong(key, causeOf(call)));
    if (!open) throw refusal('TooManyAttempts');
    if (!right) throw refusal('PasswordMismatch');
  });
}
