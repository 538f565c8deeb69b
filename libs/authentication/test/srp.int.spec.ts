import { afterAll, describe, expect, it } from '@jest/globals';
import { epochMillis } from '@rollcall/kernel';
import { inlineCrypto } from '@rollcall/platform-crypto';

import { cryptoPasswords } from '../src/adapters/crypto-passwords.js';
import { GROUP_PRIME, srpClient } from './support/srp-client.js';
import { ada, callOf, challengeIn, codeOf, tokensIn, world, type World } from './support/world.js';

const crypto = inlineCrypto();
afterAll(() => crypto.close());
const clock = { now: () => epochMillis(Date.now()) };
const passwords = cryptoPasswords({ crypto, clock });

/** The service with the real cryptography, and a user whose password it made. */
async function withUser(password: string = ada.password): Promise<World> {
  const w = world({ passwords, clock });
  await w.user({ password });
  return w;
}

async function bySrp(w: World, password: string, changes: { readonly username?: string; readonly timestamp?: string } = {}) {
  const client = srpClient();
  const { parameters } = challengeIn(await w.signIn('', { flow: 'USER_SRP_AUTH', username: changes.username ?? 'ada', parameters: { SRP_A: client.A } }));
  return codeOf(w.respond('PASSWORD_VERIFIER', client.answer(parameters, password, changes.timestamp)));
}

describe('a client', () => {
  it('signs in, and with a wrong password does not', async () => {
    const w = await withUser();
    expect(tokensIn(await bySrp(w, ada.password)).tokenType).toBe('Bearer');
    expect(await bySrp(w, 'Engine-1843')).toBe('PasswordMismatch');
  });
  it('signs in by the same password over the password flow', async () => {
    const w = await withUser();
    const before = crypto.counts();
    expect(tokensIn(await w.signIn(ada.password)).tokenType).toBe('Bearer');
    expect(await codeOf(w.signIn('Engine-1843'))).toBe('PasswordMismatch');
    const { checkVerifier, checkArgon2 } = crypto.counts();
    expect([checkVerifier - before.checkVerifier, checkArgon2 - before.checkArgon2]).toEqual([2, 0]);
  });
  it('D5: is refused with a TIMESTAMP that is stale, or in another form or language', async () => {
    const w = await withUser();
    for (const timestamp of ['Thu Nov 5 03:04:07 UTC 2020', 'Thu Nov 05 03:04:07 UTC 2026', 'Do Nov 5 03:04:07 UTC 2026', new Date().toISOString()]) {
      expect(await bySrp(w, ada.password, { timestamp })).toBe('PasswordMismatch');
    }
  });
  it('D4: gets as far with an unknown name, and is refused with the same jobs', async () => {
    const w = await withUser();
    w.directory.client({ settings: { PreventUserExistenceErrors: 'ENABLED' } });
    const jobs = async (username: string) => {
      const before = crypto.counts();
      expect(await bySrp(w, 'wrong', { username })).toBe('PasswordMismatch');
      const after = crypto.counts();
      return Object.entries(after).map(([job, count]) => [job, count - before[job as keyof typeof before]]).filter(([, count]) => count !== 0);
    };
    expect(await jobs('ada')).toEqual([['srpStart', 1], ['srpFinish', 1]]);
    expect(await jobs('nobody')).toEqual([['srpStart', 1], ['srpFinish', 1]]);
  });
});

describe('D3: a start', () => {
  it('made twice serves twice, each answer with its own B alone', async () => {
    const w = await withUser();
    const client = srpClient();
    const start = async () => challengeIn(await w.signIn('', { flow: 'USER_SRP_AUTH', parameters: { SRP_A: client.A } })).parameters;
    const [older, newer, third] = [await start(), await start(), await start()];
    expect(new Set([older['SRP_B'], newer['SRP_B'], third['SRP_B']]).size).toBe(3);
    const mixed = client.answer({ ...newer, SRP_B: older['SRP_B'] ?? '' }, ada.password);
    expect(await codeOf(w.respond('PASSWORD_VERIFIER', mixed))).toBe('PasswordMismatch');
    expect(tokensIn(await w.respond('PASSWORD_VERIFIER', client.answer(older, ada.password))).tokenType).toBe('Bearer');
    expect(tokensIn(await w.respond('PASSWORD_VERIFIER', client.answer(third, ada.password))).tokenType).toBe('Bearer');
  });
});

describe('D1: A that is 0 modulo N', () => {
  it.each([['0', '0'], ['N', GROUP_PRIME.toString(16)], ['2N', (2n * GROUP_PRIME).toString(16)], ['no number', 'xyz']])('is refused as %s, for unknown users too', async (_what, SRP_A) => {
    const w = await withUser();
    w.directory.client({ settings: { PreventUserExistenceErrors: 'ENABLED' } });
    for (const username of ['ada', 'nobody']) {
      expect(await codeOf(w.signIn('', { flow: 'USER_SRP_AUTH', username, parameters: { SRP_A } }))).toBe('InvalidParameter');
    }
  });
});

describe('C20: passwords that some hash alike', () => {
  const long = 'Aa1!'.repeat(18); // 72 bytes: where bcrypt ends
  it.each([
    ['beyond the 72nd byte', `${long}x`, `${long}y`], ['cut at the 72nd byte', `${long}x`, long], ['behind a NUL', 'Engine-1842\0a', 'Engine-1842\0b'],
    ['cut at a NUL', 'Engine-1842\0a', 'Engine-1842'], ['in Unicode form', 'Zoë-Engine-1', 'Zoë-Engine-1'.normalize('NFD')], ['in case', 'Engine-1842', 'engine-1842'],
  ])('differ %s', async (_where, password, other) => {
    const w = await withUser(password);
    expect(await codeOf(w.signIn(other, { call: callOf() }))).toBe('PasswordMismatch');
    expect(await bySrp(w, other)).toBe('PasswordMismatch');
    expect(tokensIn(await bySrp(w, password)).tokenType).toBe('Bearer');
  });
  it('and those that no bytes can tell apart are refused', async () => {
    const w = await withUser();
    expect(await codeOf(w.signIn('Engine-1842\ud800'))).toBe('InvalidParameter');
  });
});
