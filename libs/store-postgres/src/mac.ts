import { createHmac, type KeyObject } from 'node:crypto';

/** What a stored event's mac is over: everything of it except when and where in the log it was recorded. */
export interface Authenticated {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  /** JSON texts, byte for byte as stored. */
  readonly data: string;
  readonly meta: string;
  readonly personal: Buffer | null;
  readonly pool: string | null;
  readonly sub: string | null;
}

/**
 * HMAC-SHA-256 over an event and the mac before it, so that an event verifies alone and a stream by its links. Every part
 * goes in with its length: no two events have the same input.
 */
export function macOf(key: KeyObject, event: Authenticated, previous: Buffer | null): Buffer {
  const { stream, revision, id, type, version, data, meta, personal, pool, sub } = event;
  const texts = [stream, String(revision), id, type, String(version), data, meta, pool, sub].map((text) => (text === null ? '-' : `${Buffer.byteLength(text)}:${text}`));
  const hmac = createHmac('sha256', key).update(`${texts.join('')}${lengthOf(personal)}${lengthOf(previous)}`);
  if (personal) hmac.update(personal);
  if (previous) hmac.update(previous);
  return hmac.digest();
}

const lengthOf = (bytes: Buffer | null): string => (bytes === null ? '-' : `${bytes.length}:`);
