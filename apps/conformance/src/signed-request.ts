import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { rawPost, type RawAnswer } from './raw-call.js';

/** A request that the SDK has signed and that was kept from leaving. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Set by whoever sends: not part of what a test chooses. */
const bySender = new Set(['host', 'content-length']);

/**
 * What the SDK would send.
 * @param client is used up: all that it sends from then on is kept back
 */
export async function signedRequest(client: CognitoIdentityProvider, call: (client: CognitoIdentityProvider) => Promise<unknown>): Promise<SignedRequest> {
  let kept: SignedRequest | undefined;
  client.middlewareStack.add(() => async ({ request }) => {
    kept = request as SignedRequest;
    throw new KeptBack();
  }, { step: 'finalizeRequest', priority: 'low', name: 'keepBack' });
  await call(client).catch((error: unknown) => {
    if (!(error instanceof KeptBack)) throw error;
  });
  if (!kept) throw new Error('the SDK has not sent anything');
  return { headers: { ...kept.headers }, body: kept.body };
}

class KeptBack extends Error {}

export const send = (endpoint: string, { headers, body }: SignedRequest): Promise<RawAnswer> =>
  rawPost(endpoint, body, Object.fromEntries(Object.entries(headers).filter(([name]) => !bySender.has(name.toLowerCase()))));
