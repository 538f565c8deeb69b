const DIGITS = 6;

/**
 * A one-time code from a keyed hash: six digits, all nearly equally likely (the bias is below 2^-40).
 * @param mac at least 8 bytes of an HMAC over whom and what the code is for
 */
export function codeFrom(mac: Uint8Array): string {
  const number = mac.slice(0, 8).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return String(number % BigInt(10 ** DIGITS)).padStart(DIGITS, '0');
}

/** How often a code may be guessed before it is worth nothing. */
export const CODE_TRIES = 5;
/** @see Amazon Cognito Developer Guide, quotas: validity of a sign-up confirmation code */
export const SIGN_UP_CODE_SECONDS = 86_400;
