/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One call without any client: for inputs that clients would not send, and answers compared byte by byte. */
export async function rawCall(endpoint: string, operation: string, body: object | string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
  return rawPost(endpoint, typeof body === 'string' ? body : JSON.stringify(body), {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    ...headers,
  });
}

export async function rawPost(endpoint: string, body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  const answer = await fetch(`${endpoint}/`, { method: 'POST', headers, body });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** What an answer says of itself, but for its id and its time. */
export const comparable = ({ status, headers, text }: RawAnswer): unknown =>
  ({ status, text, headers: Object.fromEntries([...headers].filter(([name]) => name !== 'x-amzn-requestid' && name !== 'date')) });
