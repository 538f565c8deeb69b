export const HIDDEN = '[hidden]';

/** Facts of these names are never printed, whoever logs them: secrets, and what names or locates a person. */
export const hiddenNames = [
  'password', 'previousPassword', 'proposedPassword', 'temporaryPassword', 'secret', 'clientSecret', 'secretHash', 'secretAccessKey', 'secretBlock',
  'authorization', 'cookie', 'token', 'accessToken', 'idToken', 'refreshToken', 'sessionToken', 'session', 'proof', 'signature', 'masterKey', 'privateKey',
  'confirmationCode', 'otp', 'verifier', 'salt', 'databaseUrl', 'smtpUrl',
  'username', 'name', 'email', 'phone', 'phoneNumber', 'to', 'attributes', 'source', 'sourceAddress', 'ip', 'userAgent',
] as const;

/** Texts that show what they are by their form: e-mail addresses, JWTs, our refresh tokens, credentials in URLs. */
const telling = [
  /[^\s@"'<>]+@[^\s@"'<>]+\.[^\s@"'<>]+/g,
  /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/g,
  /\br1\.[\w-]{20,}/g,
  /(?<=:\/\/)[^\s/@]+@/g,
];

/** The text without what must not be read in a log. */
export const masked = (text: string): string => telling.reduce((rest, pattern) => rest.replace(pattern, HIDDEN), text);
