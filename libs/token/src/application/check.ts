import { refusal, type DirectoryPort, type TokenPort } from '@rollcall/contracts';
import { isUuid, secondsOf, type Clock } from '@rollcall/kernel';

import { isOfPresentGeneration } from '../domain/refresh-rules.js';
import { standingOf } from '../domain/signing-keys.js';
import type { Families } from './families.js';
import type { PoolKeys } from './pool-keys.js';

export interface CheckNeeds {
  readonly directory: Pick<DirectoryPort, 'getUser'>;
  readonly families: Pick<Families, 'find'>;
  readonly keys: Pick<PoolKeys, 'known'>;
  readonly clock: Clock;
}

/** Family and user are read each time: a revocation counts for the next call, on every process. */
export const check = ({ directory, families, keys, clock }: CheckNeeds): TokenPort['check'] =>
  async ({ poolId, kid, sub, clientId, originJti }, call) => {
    const standing = standingOf(await keys.known(poolId), kid, 'access', secondsOf(clock.now()));
    if (standing === 'unknown') throw refusal('AccessTokenInvalid');
    if (standing === 'retired') throw refusal('AccessTokenRevoked');
    // A token that names no family could not be revoked, so it does not count.
    if (originJti === undefined || !isUuid(originJti)) throw refusal('AccessTokenInvalid');

    const [family, user] = await Promise.all([families.find(originJti), directory.getUser({ poolId, by: { $case: 'sub', value: sub } }, call)]);
    call.effects.sub = sub;
    if (!family || family.poolId !== poolId || family.clientId !== clientId || family.sub !== sub) throw refusal('AccessTokenInvalid');
    if (family.revoked || !isOfPresentGeneration(family, user)) throw refusal('AccessTokenRevoked');
    if (!user.enabled) throw refusal('UserDisabled');
    return {};
  };
