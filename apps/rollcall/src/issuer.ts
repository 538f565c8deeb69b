import { regionOf } from '@rollcall/kernel';
import type { Settings } from '@rollcall/platform-config';

/**
 * `iss` of a pool's tokens: below our own address, or as AWS forms it, for clients that derive it from the pool id.
 *
 * @param base where clients reach us; never taken from a request
 */
export const issuerOf = (form: Settings['ROLLCALL_ISSUER'], base: string) => (poolId: string): string =>
  form === 'aws' ? `https://cognito-idp.${regionOf(poolId)}.amazonaws.com/${poolId}` : `${base}/${poolId}`;
