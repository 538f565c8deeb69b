/** An answer other than success, as the protocol names it. */
export class AwsException extends Error {
  override readonly name = 'AwsException';
  /**
   * @param type name of the exception, as clients match it
   * @param status HTTP status: 400 for what the client got wrong, 403 for signatures, 500 for what we got wrong
   */
  constructor(readonly type: string, message: string, readonly status: 400 | 403 | 500 = 400) {
    super(message);
  }
}

export const serialization = (message: string): AwsException => new AwsException('SerializationException', message);
export const unknownOperation = (): AwsException => new AwsException('UnknownOperationException', 'The requested operation is not known.');
export const notOffered = (operation: string): AwsException =>
  new AwsException('OperationNotEnabledException', `Rollcall does not offer ${operation} yet.`);
/** Says nothing of the cause: that stands in the log, beside the request id. */
export const internalError = (): AwsException => new AwsException('InternalErrorException', 'Internal error', 500);
