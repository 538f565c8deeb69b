import { DomainError, regionOf } from '@rollcall/kernel';

import { AwsException } from './aws-exception.js';
import type { InputPlace } from './service.js';
import type { Signer } from './sigv4/verify.js';

interface Bounds {
  readonly service: string;
  readonly operation: string;
  readonly regions: readonly string[] | undefined;
  readonly accountId: string;
}

/**
 * Demands that a signer may do this here. A pool of another region does not exist for the caller, as at AWS; a key that
 * is bound to pools may do nothing that names none.
 *
 * @throws {DomainError} `PoolNotFound`
 * @throws {AwsException} `ResourceNotFoundException` for a region that is not served, `AccessDeniedException`
 */
export function demandPermission({ accessKeyId, region, principal }: Signer, { poolId }: InputPlace, bounds: Bounds): void {
  const { service, operation, regions, accountId } = bounds;
  if (poolId !== undefined && regionOf(poolId) !== region) throw new DomainError('PoolNotFound', { poolId });
  if (regions && !regions.includes(region)) throw new AwsException('ResourceNotFoundException', `Region ${region} is not served here.`);
  const allowed = principal.accountId === accountId
    && (principal.operations.length === 0 || principal.operations.includes(operation))
    && (principal.pools.length === 0 || (poolId !== undefined && principal.pools.includes(poolId)));
  if (allowed) return;
  throw new AwsException('AccessDeniedException', `User: arn:aws:iam::${principal.accountId}:user/${accessKeyId} is not authorized to perform: `
    + `${service}:${operation} on resource: arn:aws:${service}:${region}:${accountId}:userpool/${poolId ?? '*'}`, 403);
}
