import { FailureMessage } from '@rollcall/contracts';
import { DomainError, type ErrorDetails } from '@rollcall/kernel';

/** A refusal as bytes. */
export const failureToWire = (error: DomainError): Uint8Array =>
  FailureMessage.encode({ code: error.code, detailsJson: JSON.stringify(error.details) }).finish();

/** The same refusal on the other side. */
export function failureFromWire(bytes: Uint8Array, options?: ErrorOptions): DomainError {
  const { code, detailsJson } = FailureMessage.decode(bytes);
  return new DomainError(code, JSON.parse(detailsJson) as ErrorDetails, options);
}
