/** Facts of a refusal that may be logged and shown: ids, numbers, names of members. Never what a person typed. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/**
 * A refusal by a rule. Codes are a closed set (`ErrorCode` in the contracts); edges map them to their protocol's errors.
 * The message is the code alone, so that no personal data reaches a log by way of an error's text.
 */
export class DomainError<Code extends string = string> extends Error {
  override readonly name = 'DomainError';
  constructor(readonly code: Code, readonly details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, options);
  }
}
