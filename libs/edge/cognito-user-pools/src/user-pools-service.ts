import type { ErrorCode } from '@rollcall/contracts';
import type { JsonService } from '@rollcall/edge-aws-json';

import { errorOf } from './aws-errors.js';
import { facts } from './gen/facts.js';
import { placeOf } from './input-place.js';
import { nearestException } from './nearest-exception.js';
import { offered } from './operations/offered.js';
import type { Ports } from './ports.js';

/** The user pools API as Rollcall offers it. */
export const userPoolsService: JsonService<Ports> = {
  facts,
  rows: offered,
  // With the client's own id and secret: cognito-model marks both signed, clients may send them unsigned.
  unsignedToo: new Set(['GetClientToken', 'GetDerivedToken']),
  constraintException: 'InvalidParameterException',
  placeOf,
  errorOf,
  nearest: nearestException,
  nowhere: new Set<string>(['PoolNotFound', 'ClientNotFound'] satisfies ErrorCode[]),
};
