import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { epochMillis } from '@rollcall/kernel';
import { srpFinish, srpStart, srpTimestamp, srpVerifier } from '../src/index.js';
import { openSslPower } from '../src/power.js';
import { amazonClient, amazonDevice, amazonNow } from './amazon-client.js';

jest.setTimeout(30_000); // a busy machine

const { power } = openSslPower();
const timestamp = 'Thu Nov 5 03:04:07 UTC 2026';

/** Signs in with a password, to an account that has `password`; both legs, nothing of the client replaced. */
async function signIn(account: { password: string; salt: Buffer; username?: string }, offered: string): Promise<boolean> {
  const poolName = 'AbCdEf123';
  const username = account.username ?? '5f6a1f0e-0000-4000-8000-00000000ada0';
  const verifier = srpVerifier(power, { poolName, username, password: Buffer.from(account.password), salt: account.salt });
  const client = await amazonClient(poolName);
  const { B, state } = srpStart(power, { A: client.SRP_A, verifier });
  const secretBlock = randomBytes(700);
  const challenge = { SALT: account.salt.toString('hex'), SRP_B: B, SECRET_BLOCK: secretBlock.toString('base64'), USER_ID_FOR_SRP: username };
  const signature = await client.signature({ challenge, password: offered, timestamp });
  return srpFinish(power, { poolName, username, state, verifier, secretBlock, timestamp, signature });
}

describe("a login by Amazon's own client", () => {
  it.each([
    ['any salt', randomBytes(16)],
    ['a salt with leading zeros', Buffer.from('0000000000000000000000000000007f', 'hex')],
    ['a salt with its top bit set', Buffer.from('ff00000000000000000000000000007f', 'hex')],
    ['a salt of zeros and an odd digit', Buffer.from('000a', 'hex')],
  ])('D2: succeeds with the right password and %s, and with no other password', async (_name, salt) => {
    const account = { password: 'Enchantress-1843', salt };
    expect(await signIn(account, 'Enchantress-1843')).toBe(true);
    expect(await signIn(account, 'Enchantress-1844')).toBe(false);
  });

  it('succeeds with a user name and password beyond ASCII', async () =>
    expect(await signIn({ username: 'Łukasz@例え', password: 'pässwörd 🔑', salt: randomBytes(16) }, 'pässwörd 🔑')).toBe(true));

  it.each([
    ['another Unicode form', 'caf\u00e9-Password-1', 'cafe\u0301-Password-1'],
    ['more behind a NUL', 'Password-1\u0000a', 'Password-1\u0000b'],
    ['a difference beyond 72 bytes', `${'A'.repeat(80)}1`, `${'A'.repeat(80)}2`],
  ])('C20: fails with %s', async (_name, password, offered) => {
    const account = { password, salt: randomBytes(16) };
    expect(await signIn(account, password)).toBe(true);
    expect(await signIn(account, offered)).toBe(false);
  });

  it('D5: writes a TIMESTAMP that passes', async () => expect(srpTimestamp(await amazonNow(), epochMillis(Date.now()))).toBe(true));

  it('succeeds for a device with the verifier its client made', async () => {
    const [group, device] = ['-GroupKey1', 'eu-west-1_5f6a1f0e-0000-4000-8000-00000000de71'];
    const made = await amazonDevice(group, device);
    const verifier = Buffer.from(made.PasswordVerifier, 'base64');
    const client = await amazonClient(group);
    const { B, state } = srpStart(power, { A: client.SRP_A, verifier });
    const challenge = { SALT: Buffer.from(made.Salt, 'base64').toString('hex'), SRP_B: B, SECRET_BLOCK: 'c2VhbGVk', USER_ID_FOR_SRP: device };
    const signature = await client.signature({ challenge, password: made.password, timestamp });
    expect(srpFinish(power, { poolName: group, username: device, state, verifier, secretBlock: Buffer.from('sealed'), timestamp, signature })).toBe(true);
  });
});
