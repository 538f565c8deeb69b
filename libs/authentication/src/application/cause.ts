import type { CallContext } from '@rollcall/contracts';

/** Which call a decision row comes from: lets a sweeper find what lacks its audit record. */
export interface Cause {
  readonly correlationId: string;
  readonly operation: string;
  /** `<kind>:<id>`. */
  readonly caller: string;
}

export const causeOf = ({ correlationId, operation, caller }: CallContext): Cause =>
  ({ correlationId, operation, caller: `${caller.kind}:${caller.id}` });
