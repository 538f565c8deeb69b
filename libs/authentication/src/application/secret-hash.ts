import { createHmac, timingSafeEqual } from 'node:crypto';

import { refusal } from '@rollcall/contracts';

import type { ClientContext } from './client-context.js';

/**
 * Checks that the caller knows a live secret of its client: base64(HMAC-SHA-256(secret, user name + client id)). A hash
 * that is sent for a client without secrets means nothing.
 *
 * @param usernames whom it may be made for: the name as sent; at refresh the user's name or sub
 * @throws {DomainError} `SecretHashMissing`, `SecretHashMismatch`
 */
export function checkSecretHash({ clientId, secrets }: Pick<ClientContext, 'clientId' | 'secrets'>, secretHash: string | undefined, usernames: readonly string[]): void {
  if (secrets.length === 0) return;
  requireSecretHash({ clientId, secrets }, secretHash);
  const given = Buffer.from(secretHash ?? '', 'utf8');
  let matches = false;
  for (const secret of secrets) {
    for (const username of usernames) { // all of them, always: which one fits must not show in the time it takes
      const expected = Buffer.from(createHmac('sha256', secret).update(username + clientId).digest('base64'), 'utf8');
      matches = (expected.byteLength === given.byteLength && timingSafeEqual(expected, given)) || matches;
    }
  }
  if (!matches) throw refusal('SecretHashMismatch', { clientId });
}

/** @throws {DomainError} `SecretHashMissing` */
export function requireSecretHash({ clientId, secrets }: Pick<ClientContext, 'clientId' | 'secrets'>, secretHash: string | undefined): void {
  if (secrets.length > 0 && !secretHash) throw refusal('SecretHashMissing', { clientId });
}
