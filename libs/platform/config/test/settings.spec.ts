import { resolve } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { loadSettings, SettingsError } from '@rollcall/platform-config';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
};

const strongSecret = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY42';

describe('settings', () => {
  it('need nothing: every default lets one process run on this machine alone', () => {
    expect(loadSettings({})).toEqual({
      ROLLCALL_HOST: '127.0.0.1',
      ROLLCALL_PORT: 9400,
      ROLLCALL_DATA_DIR: resolve('.rollcall'),
      ROLLCALL_ACCOUNT_ID: '123456789012',
      ROLLCALL_REGIONS: 'any',
      ROLLCALL_ISSUER: 'base',
      ROLLCALL_DRAIN_SECONDS: 30,
      ROLLCALL_LOG_LEVEL: 'info',
    });
  });

  it('are frozen', () => {
    const settings = loadSettings({ ROLLCALL_REGIONS: 'us-east-1' });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.ROLLCALL_REGIONS)).toBe(true);
  });

  it('are read as they were meant', () => {
    const database = 'postgres://rollcall:secret@db.example/rollcall';
    expect(loadSettings({
      ROLLCALL_HOST: '::', ROLLCALL_PORT: '0', ROLLCALL_DATA_DIR: '/var/lib/rollcall', ROLLCALL_PUBLIC_URL: 'https://id.example.com/auth/',
      ROLLCALL_DATABASE_URL: database, ROLLCALL_REGIONS: 'us-east-1, eu-central-1', ROLLCALL_ISSUER: 'aws', ROLLCALL_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      ROLLCALL_SECRET_ACCESS_KEY: strongSecret, ROLLCALL_CRYPTO_WORKERS: '2', PATH: '/bin',
    })).toEqual({
      ROLLCALL_HOST: '::', ROLLCALL_PORT: 0, ROLLCALL_DATA_DIR: '/var/lib/rollcall', ROLLCALL_PUBLIC_URL: 'https://id.example.com/auth',
      ROLLCALL_DATABASE_URL: database, ROLLCALL_REGIONS: ['us-east-1', 'eu-central-1'], ROLLCALL_ISSUER: 'aws', ROLLCALL_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      ROLLCALL_SECRET_ACCESS_KEY: strongSecret, ROLLCALL_CRYPTO_WORKERS: 2, ROLLCALL_ACCOUNT_ID: '123456789012', ROLLCALL_DRAIN_SECONDS: 30, ROLLCALL_LOG_LEVEL: 'info',
    });
  });

  it('count an empty variable as absent', () => expect(loadSettings({ ROLLCALL_PORT: '', ROLLCALL_NO_SUCH: '' }).ROLLCALL_PORT).toBe(9400));

  it('report all problems at once, those between settings too', () => {
    expect(problemsOf({
      ROLLCALL_PORT: '94oo', ROLLCALL_ACCOUNT_ID: '42', ROLLCALL_REGIONS: 'us-east-1,,x', ROLLCALL_ISSUER: 'cognito', ROLLCALL_LOG_LEVEL: 'loud', ROLLCALL_SMTP_URL: 'smtp://mail',
      ROLLCALL_HOST: '0.0.0.0', ROLLCALL_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', ROLLCALL_DATABSE_URL: 'postgres://x/y',
    })).toEqual([
      'ROLLCALL_PORT must be a whole number from 0 to 65535, not "94oo"',
      'ROLLCALL_ACCOUNT_ID must be twelve digits, not "42"',
      'ROLLCALL_REGIONS must be "any" or names of regions separated by commas, such as us-east-1,eu-central-1, not "us-east-1,,x"',
      'ROLLCALL_ISSUER must be "base" or "aws", not "cognito"',
      'ROLLCALL_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
      'ROLLCALL_SECRET_ACCESS_KEY is needed with ROLLCALL_ACCESS_KEY_ID',
      'ROLLCALL_MAIL_FROM is needed with ROLLCALL_SMTP_URL',
      'ROLLCALL_PUBLIC_URL is needed when ROLLCALL_HOST is every address: tokens must name an issuer that clients can reach',
      'ROLLCALL_DATABSE_URL is not a setting of Rollcall; did you mean ROLLCALL_DATABASE_URL?',
    ]);
  });

  it.each([
    ['ROLLCALL_PORT', '65536'], ['ROLLCALL_PORT', '-1'], ['ROLLCALL_PORT', '1e3'], ['ROLLCALL_CRYPTO_WORKERS', '0'], ['ROLLCALL_DRAIN_SECONDS', '3601'],
    ['ROLLCALL_PUBLIC_URL', 'ftp://x'], ['ROLLCALL_PUBLIC_URL', 'https://user@x'], ['ROLLCALL_PUBLIC_URL', 'https://x/?a'], ['ROLLCALL_DATABASE_URL', 'mysql://x'],
    ['ROLLCALL_SMTP_URL', 'mail.example.com'], ['ROLLCALL_SMS_WEBHOOK_URL', 'file:///etc/passwd'], ['ROLLCALL_HOST', 'a b'],
  ])('refuse %s=%s', (name, value) => expect(problemsOf({ [name]: value })).toContainEqual(expect.stringMatching(new RegExp(`^${name} must be `))));

  it('refuse a sender that would add a header line', () =>
    expect(problemsOf({ ROLLCALL_MAIL_FROM: 'a@example.com\r\nBcc: b@example.com' })).toHaveLength(1));

  it('refuse a secret that could be guessed at from a signature', () =>
    expect(problemsOf({ ROLLCALL_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', ROLLCALL_SECRET_ACCESS_KEY: 'short' }))
      .toEqual(['ROLLCALL_SECRET_ACCESS_KEY must be 32 to 256 printable characters without blanks']));

  it('refuse a pair of which one would be ignored', () =>
    expect(problemsOf({ ROLLCALL_POSTGRES_BIN: '/usr/lib/postgresql/17/bin', ROLLCALL_DATABASE_URL: 'postgres://x/y' }))
      .toEqual(['ROLLCALL_POSTGRES_BIN has no effect with ROLLCALL_DATABASE_URL: remove one of them']));

  it.each([
    ['ROLLCALL_DATABASE_URL', 'mysql://rollcall:canary@db'], ['ROLLCALL_SECRET_ACCESS_KEY', 'canary canary'],
    ['ROLLCALL_SMTP_URL', 'http://user:canary@mail'], ['ROLLCALL_SMS_WEBHOOK_URL', 'canary'],
  ])('never print what %s holds', (name, value) => {
    expect(problemsOf({ [name]: value }).join()).toContain(name);
    expect(problemsOf({ [name]: value }).join()).not.toContain('canary');
  });

  it('suggest nothing for a name that is like none', () => expect(problemsOf({ ROLLCALL_KAFKA_BROKERS: 'x' })).toEqual(['ROLLCALL_KAFKA_BROKERS is not a setting of Rollcall']));
});
