/** 256 bits as base64url behind a version: within `[A-Za-z0-9-_=.]+`, which every client accepts as a refresh token. */
const refreshToken = /^r1\.[A-Za-z0-9_-]{43}$/;
/** Header, claims and signature of a compact token (RFC 7515 section 7.1), whoever signed it. */
const compactJwt = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** What a text is by its form alone: a text that is cut, lengthened or decorated is no refresh token. */
export function tokenForm(text: string): 'refresh' | 'jwt' | 'other' {
  if (refreshToken.test(text)) return 'refresh';
  return compactJwt.test(text) ? 'jwt' : 'other';
}
