import { resolve } from 'node:path';

import { z } from 'zod';

/** What the reader of an error message and of docs/settings.md is told about a setting. */
export interface SettingFacts {
  readonly description: string;
  /** Completes "must be …". */
  readonly expects: string;
  /** The value is never printed. */
  readonly secret?: true;
}

const about = <Schema extends z.ZodType>(schema: Schema, facts: SettingFacts): Schema => schema.meta({ ...facts });

const wholeNumber = (min: number, max: number) => z.string().regex(/^\d{1,9}$/).transform(Number).pipe(z.int().min(min).max(max));
const path = () => z.string().transform((value) => resolve(value));
const url = (protocol: RegExp) => z.url({ protocol });

const regions = z.string().transform((value, context): 'any' | readonly string[] => {
  if (value === 'any') return 'any';
  const names = value.split(',').map((name) => name.trim());
  if (!names.every((name) => /^[a-z0-9][a-z0-9-]{0,44}$/.test(name))) context.addIssue({ code: 'custom' });
  return Object.freeze(names);
});

/** An address at which nobody else can reach us: it must not end up in tokens as their issuer. */
const isWildcard = (host: string): boolean => host === '0.0.0.0' || /^[0:]*:[0:]*$/.test(host);

/**
 * Every setting, under the name of its variable. Stands alone (no relative imports), so that the documentation can be
 * generated from the source without a build.
 */
export const settingsSchema = z.object({
  ROLLCALL_HOST: about(z.string().regex(/^[\w.:-]+$/).default('127.0.0.1'), {
    description: 'Address to listen on. Anything but loopback shows Rollcall to the network: put TLS in front of it.',
    expects: 'an IP address or a host name',
  }),
  ROLLCALL_PORT: about(wholeNumber(0, 65_535).default(9400), {
    description: 'Port to listen on; 0 takes any free one.',
    expects: 'a whole number from 0 to 65535',
  }),
  ROLLCALL_DATA_DIR: about(path().prefault('./.rollcall'), {
    description: 'Where everything lies that must survive: the embedded database, keys, administrators\' credentials. Made with mode 0700.',
    expects: 'a path',
  }),
  ROLLCALL_PUBLIC_URL: about(url(/^https?$/).refine((value) => !/[?#@]/.test(value)).transform((value) => value.replace(/\/+$/, '')).optional(), {
    description: 'Address under which clients reach Rollcall, base of the issuer in tokens. Absent: the listening address. Never taken from a request\'s headers.',
    expects: 'an http or https URL without user, query and fragment',
  }),
  ROLLCALL_DATABASE_URL: about(url(/^postgres(ql)?$/).optional(), {
    description: 'A PostgreSQL server of your own, 15 or later. Absent: the embedded one in the data directory.',
    expects: 'a postgres URL',
    secret: true,
  }),
  ROLLCALL_POSTGRES_BIN: about(path().optional(), {
    description: 'Directory with the initdb and postgres programs to run as the embedded server, where the bundled ones do not fit (musl, other processors).',
    expects: 'a path',
  }),
  ROLLCALL_ACCOUNT_ID: about(z.string().regex(/^\d{12}$/).default('123456789012'), {
    description: 'Account number in the ARNs that Rollcall hands out.',
    expects: 'twelve digits',
  }),
  ROLLCALL_REGIONS: about(regions.prefault('any'), {
    description: 'Regions that requests may be signed for and pools made in.',
    expects: '"any" or names of regions separated by commas, such as us-east-1,eu-central-1',
  }),
  ROLLCALL_ISSUER: about(z.enum(['base', 'aws']).default('base'), {
    description: 'Form of the issuer in tokens: `base` is `<public URL>/<pool id>`, `aws` is `https://cognito-idp.<region>.amazonaws.com/<pool id>`.',
    expects: '"base" or "aws"',
  }),
  ROLLCALL_ACCESS_KEY_ID: about(z.string().regex(/^\w{16,128}$/).optional(), {
    description: 'Access key id of the first administrator. Absent: generated into `admin-credentials` in the data directory.',
    expects: '16 to 128 letters, digits or underscores',
  }),
  ROLLCALL_SECRET_ACCESS_KEY: about(z.string().regex(/^[\x21-\x7e]{32,256}$/).optional(), {
    description: 'Secret of that access key. A signature can be guessed at offline, so it must be long and random.',
    expects: '32 to 256 printable characters without blanks',
    secret: true,
  }),
  ROLLCALL_SMTP_URL: about(url(/^smtps?$/).optional(), {
    description: 'Mail server. Absent: mail goes to the sealed development outbox instead.',
    expects: 'an smtp or smtps URL',
    secret: true,
  }),
  ROLLCALL_MAIL_FROM: about(z.string().regex(/^[^\r\n]*[^\s@]@[^\s@]+$/).optional(), {
    description: 'Sender of all mail, such as `Example <no-reply@example.com>`. Needed with ROLLCALL_SMTP_URL.',
    expects: 'one line with an e-mail address',
  }),
  ROLLCALL_SMS_WEBHOOK_URL: about(url(/^https?$/).optional(), {
    description: 'Text messages are posted here as JSON. Absent: they go to the development outbox.',
    expects: 'an http or https URL',
    secret: true,
  }),
  ROLLCALL_MASTER_KEY_FILE: about(path().optional(), {
    description: 'File of the key under which all other keys are sealed, mode 0600. Absent: `master-key` in the data directory, made at the first start.',
    expects: 'a path',
  }),
  ROLLCALL_CRYPTO_WORKERS: about(wholeNumber(1, 256).optional(), {
    description: 'Threads for password hashing and SRP. Absent: one per processor core.',
    expects: 'a whole number from 1 to 256',
  }),
  ROLLCALL_DRAIN_SECONDS: about(wholeNumber(0, 3_600).default(30), {
    description: 'How long requests in flight may take to finish after SIGTERM or SIGINT.',
    expects: 'a whole number from 0 to 3600',
  }),
  ROLLCALL_LOG_LEVEL: about(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'), {
    description: 'How much is logged to standard error.',
    expects: 'one of fatal, error, warn, info, debug, trace, silent',
  }),
});

/** The variables as they stand in the environment; an empty one counts as absent. */
export type Given = Readonly<Record<string, string | undefined>>;

/** What must hold between settings. Judged on what was given, so that it is reported beside whatever else is wrong. */
export const settingsRules: ReadonlyArray<Readonly<{ name: keyof Settings; message: string; broken: (given: Given) => boolean }>> = [
  {
    name: 'ROLLCALL_SECRET_ACCESS_KEY',
    message: 'is needed with ROLLCALL_ACCESS_KEY_ID',
    broken: (given) => given['ROLLCALL_ACCESS_KEY_ID'] !== undefined && given['ROLLCALL_SECRET_ACCESS_KEY'] === undefined,
  },
  {
    name: 'ROLLCALL_ACCESS_KEY_ID',
    message: 'is needed with ROLLCALL_SECRET_ACCESS_KEY',
    broken: (given) => given['ROLLCALL_SECRET_ACCESS_KEY'] !== undefined && given['ROLLCALL_ACCESS_KEY_ID'] === undefined,
  },
  {
    name: 'ROLLCALL_MAIL_FROM',
    message: 'is needed with ROLLCALL_SMTP_URL',
    broken: (given) => given['ROLLCALL_SMTP_URL'] !== undefined && given['ROLLCALL_MAIL_FROM'] === undefined,
  },
  {
    name: 'ROLLCALL_POSTGRES_BIN',
    message: 'has no effect with ROLLCALL_DATABASE_URL: remove one of them',
    broken: (given) => given['ROLLCALL_POSTGRES_BIN'] !== undefined && given['ROLLCALL_DATABASE_URL'] !== undefined,
  },
  {
    name: 'ROLLCALL_PUBLIC_URL',
    message: 'is needed when ROLLCALL_HOST is every address: tokens must name an issuer that clients can reach',
    broken: (given) => isWildcard(given['ROLLCALL_HOST'] ?? '') && given['ROLLCALL_PUBLIC_URL'] === undefined,
  },
];

/** All settings, checked and with defaults. Names are those of the variables, so that there is one name for one thing. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;
