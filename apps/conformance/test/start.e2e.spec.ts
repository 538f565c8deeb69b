import { access, stat } from 'node:fs/promises';
import { request } from 'node:http';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { administrator, app } from '../src/clients.js';
import { runCommand, runStart } from '../src/command-run.js';
import { eventually } from '../src/eventually.js';
import { newDataDir, removeDataDir, startRollcall, type Rollcall } from '../src/rollcall-process.js';
import { attributes, newDoor, PASSWORD } from '../src/scene.js';
import { signInBySrp, tokensOf } from '../src/sign-in.js';

describe('npm start', () => {
  const folders: string[] = [];
  const folder = async () => {
    const made = await newDataDir();
    folders.push(made);
    return made;
  };
  afterEach(async () => { await Promise.all(folders.splice(0).map(removeDataDir)); });

  it('prints where things are and a first command, and ends when npm is ended', async () => {
    const dataDir = await folder();
    const { child, stdout, stderr, ended } = runCommand('npm', ['start'], { ROLLCALL_DATA_DIR: dataDir, ROLLCALL_PORT: '0' });
    const early = ended.then(() => { throw new Error(stderr()); });
    await Promise.race([early, eventually(async () => (/^  try /m.test(stdout()) ? true : undefined))]);
    early.catch(() => undefined); // from here on it is meant to end
    const line = (name: string) => new RegExp(`^  ${name} +(.*)$`, 'm').exec(stdout())?.[1];
    const endpoint = line('endpoint');
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(line('admin keys')).toBe(`${dataDir}/admin-credentials`);
    expect(line('mail outbox')).toMatch(new RegExp(`^${endpoint}/dev/outbox/[\\w-]{32}$`));
    expect(line('try')).toBe(`AWS_SHARED_CREDENTIALS_FILE=${dataDir}/admin-credentials aws cognito-idp create-user-pool --pool-name first --endpoint-url ${endpoint} --region us-east-1`);
    expect((await fetch(`${endpoint}/health/ready`)).status).toBe(200);
    child.kill('SIGTERM'); // as a supervisor does: to npm alone
    await ended;
    await expect(fetch(`${endpoint}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('reports everything that is wrong with the settings at once, no secret among it, and ends with code 1', async () => {
    const { ended, stderr } = runStart({
      ROLLCALL_DATA_DIR: await folder(), ROLLCALL_PORT: 'http', ROLLCALL_ISSUER: 'mine', ROLLCALL_SECRET_ACCESS_KEY: 'canary-secret', ROLLCALL_HOTS: '::1', ROLLCALL_SMTP_URL: 'smtp://canary:canary@mail',
    });
    expect(await ended).toBe(1);
    expect(stderr().trim().split('\n')).toEqual(expect.arrayContaining([
      'Rollcall cannot start with these settings:',
      '  ROLLCALL_PORT must be a whole number from 0 to 65535, not "http"',
      '  ROLLCALL_ISSUER must be "base" or "aws", not "mine"',
      '  ROLLCALL_SECRET_ACCESS_KEY must be 32 to 256 printable characters without blanks',
      '  ROLLCALL_ACCESS_KEY_ID is needed with ROLLCALL_SECRET_ACCESS_KEY',
      '  ROLLCALL_MAIL_FROM is needed with ROLLCALL_SMTP_URL',
      '  ROLLCALL_HOTS is not a setting of Rollcall; did you mean ROLLCALL_HOST?',
    ]));
    expect(stderr()).not.toContain('canary');
  });

  it('takes the keys that the settings give, and writes none', async () => {
    const dataDir = await folder();
    const settings = { ROLLCALL_ACCESS_KEY_ID: 'AKIASETBYTHEUSER', ROLLCALL_SECRET_ACCESS_KEY: 'set-by-the-user-0123456789abcdef-0123456789' };
    const rollcall = await startRollcall({ dataDir, settings });
    expect((await administrator(rollcall).listUserPools({ MaxResults: 1 })).UserPools).toEqual([]);
    await expect(access(`${dataDir}/admin-credentials`)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await rollcall.stop()).toBe(0);
  });

  it('names tokens\' issuer by the public address, and pools by AWS\'s where that is chosen', async () => {
    const rollcall = await startRollcall({ dataDir: await folder(), settings: { ROLLCALL_PUBLIC_URL: 'https://id.example.com/', ROLLCALL_ISSUER: 'aws' } });
    const listening = await eventually(async () => /"endpoint":"(http:[^"]+)"/.exec(rollcall.log.join('\n'))?.[1]);
    const poolId = (await administrator({ ...rollcall, endpoint: listening }).createUserPool({ PoolName: 'p' })).UserPool?.Id ?? '';
    expect(await (await fetch(`${listening}/${poolId}/.well-known/openid-configuration`)).json()).toMatchObject({
      issuer: `https://cognito-idp.us-east-1.amazonaws.com/${poolId}`, jwks_uri: `https://id.example.com/${poolId}/.well-known/jwks.json`,
    });
    expect(rollcall.endpoint).toBe('https://id.example.com');
    expect(await rollcall.stop()).toBe(0);
  });

  describe('on a folder', () => {
    let dataDir: string;
    let rollcall: Rollcall;
    beforeAll(async () => {
      dataDir = await newDataDir();
      rollcall = await startRollcall({ dataDir });
    });
    afterAll(async () => {
      await rollcall.stop();
      await removeDataDir(dataDir);
    });

    it('keeps it to its owner', async () => {
      expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
      for (const file of ['admin-credentials', 'master-key']) expect((await stat(`${dataDir}/${file}`)).mode & 0o777).toBe(0o600);
    });

    it('refuses a second Rollcall on it in a plain word, and goes on', async () => {
      const { ended, stderr } = runStart({ ROLLCALL_DATA_DIR: dataDir, ROLLCALL_PORT: '0' });
      expect(await ended).toBe(1);
      expect(stderr()).toContain(dataDir);
      expect(stderr()).toContain('is another Rollcall running there?');
      expect(stderr()).not.toMatch(/^\s+at /m);
      expect((await fetch(`${rollcall.endpoint}/health/ready`)).status).toBe(200);
    });

    it('refuses a port that is taken in a plain word', async () => {
      const { ended, stderr } = runStart({ ROLLCALL_DATA_DIR: await folder(), ROLLCALL_PORT: new URL(rollcall.endpoint).port });
      expect(await ended).toBe(1);
      expect(stderr()).toContain('Set ROLLCALL_PORT to a free port.');
      expect(stderr()).not.toMatch(/^\s+at /m);
    });

    /** Status and text of a page, asked for under any name and with any headers. */
    const page = (address: string, headers: Readonly<Record<string, string>> = {}) => new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request(address, { headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => { text += chunk.toString(); });
        answer.on('end', () => resolve({ status: answer.statusCode, text }));
      }).on('error', reject).end();
    });

    it('shows codes in the outbox where there is no mail server, to who knows the address and sits at the machine', async () => {
      const outbox = rollcall.outbox ?? '';
      const door = await newDoor(administrator(rollcall), { AutoVerifiedAttributes: ['email'] });
      const visitor = app(rollcall);
      await visitor.signUp({ ClientId: door.clientId, Username: 'ada', Password: PASSWORD, UserAttributes: attributes({ email: 'ada@example.com' }) });
      const code = await eventually(async () => /Your verification code is (\d{6})\./.exec((await page(outbox)).text)?.[1]);
      await visitor.confirmSignUp({ ClientId: door.clientId, Username: 'ada', ConfirmationCode: code });
      tokensOf(await signInBySrp(visitor, door, 'ada', PASSWORD));

      expect((await page(outbox, { host: 'localhost' })).text).toContain('ada@example.com');
      for (const [name, value] of [['host', 'rollcall.example'], ['x-forwarded-for', '127.0.0.1'], ['forwarded', 'for=127.0.0.1'], ['via', '1.1 proxy']] as const) {
        expect(await page(outbox, { [name]: value })).toEqual({ status: 404, text: expect.not.stringContaining('ada@example.com') });
      }
      expect((await page(`${outbox.slice(0, -1)}${outbox.endsWith('x') ? 'y' : 'x'}`)).status).toBe(404);
      expect(rollcall.log.join('\n')).not.toContain(outbox.split('/').at(-1));
    });

    it('answers what is under way at SIGTERM and ends with code 0', async () => {
      const { clientId } = await newDoor(administrator(rollcall));
      const visitor = app(rollcall, { maxAttempts: 1 });
      const answers = ['a', 'b', 'c', 'd', 'e'].map((Username) => visitor.signUp({ ClientId: clientId, Username, Password: PASSWORD }));
      await Promise.race(answers);
      const ended = rollcall.stop();
      expect((await Promise.all(answers)).map(({ UserSub }) => UserSub)).toEqual(answers.map(() => expect.any(String)));
      expect(await ended).toBe(0);
    });
  });
});
