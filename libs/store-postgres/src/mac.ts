import { createHmac } from 'node:crypto';

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
export function macOf(key: Buffer, event: Authenticated, previous: Buffer | null): Buffer {
  const hmac = createHmac('sha256', key);
  const parts = [
    event.stream, String(event.revision), event.id, event.type, String(event.version), event.data, event.meta, event.personal, event.pool, event.sub, previous,
  ];
  for (const part of parts) {
    hmac.update(part === null ? '-' : `${Buffer.byteLength(part)}:`);
    if (part !== null) hmac.update(part);
  }
  return hmac.digest();
}
