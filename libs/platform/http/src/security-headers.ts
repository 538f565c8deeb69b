/**
 * On every answer unless an edge replaces one. Nothing here is a page to embed, a script to guess a type for, or
 * an answer to keep: tokens and personal data pass through, hence `no-store` (RFC 6749 section 5.1).
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Only where clients come by https: on plain http browsers ignore it (RFC 6797 section 7.2). One year. */
export const strictTransport = { 'strict-transport-security': 'max-age=31536000' } as const;
