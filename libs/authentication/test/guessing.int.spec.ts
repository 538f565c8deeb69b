import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { postgresLockouts } from '../src/adapters/postgres-lockouts.js';
import { lockLadder } from '../src/domain/lockout.js';
import { authenticationDatabase, type AuthenticationDatabase } from './support/database-world.js';
import { ada, callOf, codeOf, tokensIn, world } from './support/world.js';

let database: AuthenticationDatabase;
beforeAll(async () => { database = await authenticationDatabase(); });
afterAll(() => database.close());

let users = 0;
/** A user of its own per test; locks last for hours, so that no slow machine outlives one. */
async function guessing() {
  users += 1;
  const sub = `0000ada0-0000-4000-8000-${String(users).padStart(12, '0')}`;
  const w = world({ lockouts: postgresLockouts({ db: database.db, rules: { ladder: lockLadder.map((millis) => millis * 3600), forgetMillis: 900_000 } }) });
  w.directory.pool({ AliasAttributes: ['email', 'preferred_username'] });
  w.directory.client({ settings: { PreventUserExistenceErrors: 'ENABLED', ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'] } });
  const email = `ada${users}@example.com`;
  await w.user({ sub, username: `ada${users}`, attributes: [
    { name: 'email', value: email }, { name: 'email_verified', value: 'true' }, { name: 'preferred_username', value: `countess${users}` },
  ] });
  const names = [`ada${users}`, email, `countess${users}`, `ada${users}`.normalize('NFD')];
  const guess = (n: number, password = `wrong ${n}`, source = `192.0.2.${n % 256}`) =>
    codeOf(w.signIn(password, { username: names[n % names.length] ?? '', call: callOf({ source }) }));
  return { w, guess };
}
const tally = (codes: readonly unknown[]) => codes.reduce<Record<string, number>>((counts, code) => ({ ...counts, [String(code)]: (counts[String(code)] ?? 0) + 1 }), {});

// C8, left for later: CIBA, the password grant and resets, which this build does not offer. C16: the wider count over all sources.
describe('parallel guesses at a password', () => {
  it('C8: judges five of 20, over all names of the user', async () => {
    const { w, guess } = await guessing();
    const codes = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(n)));
    expect(w.jobs.matches).toBe(5);
    expect(tally(codes)).toEqual({ PasswordMismatch: 5, TooManyRequests: 15 });
  });

  it('C7: judges five of 1,000 from one source', async () => {
    const { w, guess } = await guessing();
    const codes = await Promise.all(Array.from({ length: 1_000 }, (_, n) => guess(n)));
    expect(w.jobs.matches).toBe(5);
    expect(tally(codes)).toEqual({ PasswordMismatch: 5, TooManyRequests: 995 });
  });

  it('judges five of 40, five at a time, and then not even the right one', async () => {
    const { w, guess } = await guessing();
    const codes: unknown[] = [];
    for (let burst = 0; burst < 8; burst++) codes.push(...await Promise.all(Array.from({ length: 5 }, (_, n) => guess(burst * 5 + n))));
    expect(w.jobs.matches).toBe(5);
    expect(tally(codes)).toEqual({ PasswordMismatch: 5, TooManyAttempts: 35 });
    expect(await guess(0, ada.password)).toBe('TooManyAttempts');
    expect(w.jobs.matches).toBe(5);
  });

  it('C16: lets the user in from elsewhere meanwhile', async () => {
    const { guess } = await guessing();
    for (let n = 0; n < 6; n++) await guess(n);
    expect(tokensIn(await guess(0, ada.password, '198.51.100.1')).tokenType).toBe('Bearer');
  });

  it('C8: the administrator\'s flow shares the count', async () => {
    const { w, guess } = await guessing();
    for (let n = 0; n < 5; n++) await guess(n);
    const byAdmin = w.signIn(ada.password, { username: `ada${users}`, adminPoolId: 'eu-west-1_TestPool1', flow: 'ADMIN_USER_PASSWORD_AUTH', call: callOf({ source: '192.0.2.9' }) });
    expect(await codeOf(byAdmin)).toBe('TooManyAttempts');
  });

  it('K1: a name that means nobody locks alike, in all its spellings', async () => {
    const { w } = await guessing();
    const spellings = ['Zoë', 'Zoë'.normalize('NFD')];
    const codes: unknown[] = [];
    for (let n = 0; n < 7; n++) codes.push(await codeOf(w.signIn('any', { username: spellings[n % 2] ?? '' })));
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'PasswordMismatch'), 'TooManyAttempts', 'TooManyAttempts']);
  });

  it('a right password ends the count', async () => {
    const { guess } = await guessing();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 4; n++) expect(await guess(n)).toBe('PasswordMismatch');
      tokensIn(await guess(0, ada.password));
    }
  });
});
