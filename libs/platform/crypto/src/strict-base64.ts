/**
 * Base64url without padding (RFC 4648 section 5), canonical form only: two texts never mean the same bytes, so a changed,
 * cut or lengthened token cannot pass as the one that was issued.
 *
 * @returns undefined for anything else
 */
export function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined; // Node's decoder skips what it does not know
}

/** Base64 with padding (RFC 4648 section 4), canonical form only. @returns undefined for anything else */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
