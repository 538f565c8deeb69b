import { hmacSha256, randomId } from '@rollcall/platform-crypto';

import type { Credentials } from '../application/access-keys.js';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** In the form of AWS: 20 characters, and a secret of 40 with 238 random bits, which needs no quoting anywhere. */
export const generateCredentials = (): Credentials => ({
  accessKeyId: `AKIA${randomId(BASE_32, 16)}`,
  secretAccessKey: randomId(LETTERS_AND_DIGITS, 40),
});

/**
 * The key that signs one day's requests to one service in one region; the secret cannot be told from it.
 * @param date `YYYYMMDD`
 * @see AWS General Reference, "Create a signed AWS API request", step 4
 */
export const signatureV4DayKey = (secret: string, date: string, region: string, service: string): Buffer =>
  [date, region, service, 'aws4_request'].reduce<Buffer>((key, part) => hmacSha256(key, part), Buffer.from(`AWS4${secret}`, 'utf8'));
