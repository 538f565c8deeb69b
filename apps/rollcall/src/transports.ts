import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { smsWebhook, smtpTransport, type Transports } from '@rollcall/notification';
import { systemTime } from '@rollcall/eventing';
import type { Settings } from '@rollcall/platform-config';

const KEY_BYTES = 32;

/**
 * The key that signs web hook requests: 64 hex digits in `<data>/sms-webhook-key`, made at the first start, for the
 * receiver to copy. A finished file is linked into place, so that a process killed meanwhile leaves none rather than an
 * empty one, and of those that start together all use the key of one.
 */
export async function webhookKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'sms-webhook-key');
  if (!existsSync(path)) {
    const draft = `${path}.${randomUUID()}`;
    try {
      await writeFile(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { flag: 'wx', mode: 0o600, flush: true });
      await link(draft, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(draft, { force: true });
    }
  }
  const text = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${path} does not hold 64 hex digits`);
  return Buffer.from(text, 'hex');
}

/** Where messages go: to the mail server and the web hook of the settings, otherwise into the development outbox. */
export async function openTransports(settings: Settings): Promise<{ readonly transports: Transports; close(): void }> {
  const email = settings.ROLLCALL_SMTP_URL === undefined
    ? undefined
    : smtpTransport({ url: settings.ROLLCALL_SMTP_URL, from: settings.ROLLCALL_MAIL_FROM ?? '' });
  const sms = settings.ROLLCALL_SMS_WEBHOOK_URL === undefined
    ? undefined
    : smsWebhook({ url: settings.ROLLCALL_SMS_WEBHOOK_URL, key: await webhookKey(settings.ROLLCALL_DATA_DIR), clock: systemTime });
  return { transports: { ...(email ? { email } : {}), ...(sms ? { sms } : {}) }, close: () => email?.close() };
}
