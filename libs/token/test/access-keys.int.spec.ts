import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { signatureV4DayKey } from '../src/adapters/access-key-material.js';
import { adminCredentialsFile, type Credentials } from '@rollcall/token';
import { callOf } from './call.js';
import { tokenWorld, type TokenWorld } from './token-world.js';

let world: TokenWorld;
beforeAll(async () => { world = await tokenWorld(); });
beforeEach(() => world.db.queryOnce('delete from token.access_key'));
afterAll(() => world.close());

const set: Credentials = { accessKeyId: 'ADMINISTRATORS0KEY01', secretAccessKey: 'a-secret-that-an-operator-has-chosen-0001' };
/** The generated credentials that a start hands out, if any. */
const start = async (given?: Credentials, { bootstrapAdminKey }: Pick<TokenWorld, 'bootstrapAdminKey'> = world): Promise<Credentials | undefined> => {
  let kept: Credentials | undefined;
  await bootstrapAdminKey(given, async (credentials) => { kept = credentials; });
  return kept;
};
const asked = { date: '20261124', region: 'eu-central-1', service: 'cognito-idp', sessionToken: undefined };
const dayKeyOf = async (accessKeyId: string) => (await world.port.signingKey({ accessKeyId, ...asked }, callOf('ListUsers'))).principal;

describe('the first administrator\'s access key', () => {
  it('is generated once, and handed out at each start', async () => {
    const first = await start();
    expect(first?.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(await start()).toEqual(first);
  });

  it('is one, however many processes start at once', async () => {
    const another = world.anotherProcess();
    const handedOut = await Promise.all(Array.from({ length: 20 }, (_, n) => start(undefined, n % 2 ? world : another)));
    expect(new Set(handedOut.map((each) => each?.accessKeyId)).size).toBe(1);
    expect(new Set(handedOut.map((each) => each?.secretAccessKey)).size).toBe(1);
  });

  it('is that of the settings where one is set, and the generated one ends with it', async () => {
    const generated = await start();
    expect(await start(set)).toBeUndefined();
    expect(await dayKeyOf(generated?.accessKeyId ?? '')).toBeUndefined();
    expect(Buffer.from((await dayKeyOf(set.accessKeyId))?.dayKey ?? []).equals(signatureV4DayKey(set.secretAccessKey, '20261124', 'eu-central-1', 'cognito-idp'))).toBe(true);
  });

  it('follows the settings: a new secret, another id, and none any more', async () => {
    await start(set);
    await start({ ...set, secretAccessKey: 'another-secret-that-was-chosen-later-0002' });
    expect(Buffer.from((await dayKeyOf(set.accessKeyId))?.dayKey ?? []).equals(signatureV4DayKey(set.secretAccessKey, '20261124', 'eu-central-1', 'cognito-idp'))).toBe(false);
    await start({ ...set, accessKeyId: 'ADMINISTRATORS0KEY02' });
    expect(await dayKeyOf(set.accessKeyId)).toBeUndefined();
    const generated = await start();
    expect(await dayKeyOf('ADMINISTRATORS0KEY02')).toBeUndefined();
    expect(await dayKeyOf(generated?.accessKeyId ?? '')).toMatchObject({ kind: 'administrator', accountId: '123456789012', operations: [], pools: [] });
  });

  it('lies sealed in its row', async () => {
    await start(set);
    const { rows } = await world.db.queryOnce<{ row: string; sealed: Buffer }>('select a::text as row, sealed_secret as sealed from token.access_key a');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed.includes(set.secretAccessKey)).toBe(false);
    expect(rows[0]?.row).not.toContain(set.secretAccessKey);
  });
});

describe('a signing key', () => {
  it('J7: is not known for an unknown access key, and not for one with a session token', async () => {
    await start(set);
    expect(await world.port.signingKey({ accessKeyId: 'NOBODY00000000000000', ...asked }, callOf('ListUsers'))).toEqual({});
    expect(await world.port.signingKey({ accessKeyId: set.accessKeyId, ...asked, sessionToken: 'token' }, callOf('ListUsers'))).toEqual({});
  });

  it('J7: is another for every day, region and service', async () => {
    await start(set);
    const keys = await Promise.all([{}, { date: '20261125' }, { region: 'us-east-1' }, { service: 'cognito-identity' }]
      .map(async (change) => (await world.port.signingKey({ accessKeyId: set.accessKeyId, ...asked, ...change }, callOf('ListUsers'))).principal?.dayKey));
    expect(new Set(keys.map((key) => Buffer.from(key ?? []).toString('hex'))).size).toBe(4);
  });
});

describe('the file of administrators\' credentials', () => {
  let folder: string;
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'rollcall-')); });
  afterAll(() => rm(folder, { recursive: true }));

  it('is in AWS\'s format, for its owner alone, and replaced as a whole', async () => {
    const path = join(folder, 'admin-credentials');
    await adminCredentialsFile(path)({ ...set, secretAccessKey: 'older' });
    await adminCredentialsFile(path)(set);
    expect(await readFile(path, 'utf8')).toBe([
      '[default]', `aws_access_key_id = ${set.accessKeyId}`, `aws_secret_access_key = ${set.secretAccessKey}`, '',
      '[rollcall]', `aws_access_key_id = ${set.accessKeyId}`, `aws_secret_access_key = ${set.secretAccessKey}`, '',
    ].join('\n'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['admin-credentials']);
  });
});
