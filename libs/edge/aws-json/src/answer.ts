import type { EpochMillis } from '@rollcall/kernel';

import type { AwsException } from './aws-exception.js';
import type { HttpAnswer } from './http-message.js';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/**
 * Any page may read an answer: what protects an operation is its signature or token, and no cookie is ever looked at.
 * Without `Date` among the exposed headers a browser's SDK cannot correct its clock.
 */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-amzn-RequestId, x-amzn-ErrorType, x-amzn-ErrorMessage, Date',
};

const ALLOWED_HEADERS = [
  'content-type', 'x-amz-target', 'x-amz-user-agent', 'amz-sdk-invocation-id', 'amz-sdk-request', 'cache-control',
  'authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token',
];

export const preflight: HttpAnswer = {
  status: 200,
  headers: {
    ...cors,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': ALLOWED_HEADERS.join(', '),
    'access-control-max-age': '172800',
  },
  body: '',
};

const headersOf = (requestId: string, now: EpochMillis) => ({
  ...cors,
  'content-type': CONTENT_TYPE,
  'x-amzn-RequestId': requestId,
  // The clock that signatures are judged by: clients correct theirs by it.
  date: new Date(now).toUTCString(),
});

export const success = (requestId: string, now: EpochMillis, body: string): HttpAnswer => ({ status: 200, headers: headersOf(requestId, now), body });

/** Name in the header and in the body: some clients read the one, some the other. */
export const failure = (requestId: string, now: EpochMillis, { type, message, status }: AwsException): HttpAnswer => ({
  status,
  headers: { ...headersOf(requestId, now), 'x-amzn-ErrorType': type },
  body: JSON.stringify({ __type: type, message }),
});
