import { DomainError, type ErrorDetails } from '@rollcall/kernel';

import type { ErrorCode } from './error-codes.js';

/** A `DomainError` with a code that every edge knows. */
export const refusal = (code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions): DomainError<ErrorCode> =>
  new DomainError(code, details, options);
