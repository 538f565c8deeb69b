import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@jest/globals';

import { administrator, app } from './clients.js';
import { eventually } from './eventually.js';
import { ledger, type Ledger } from './ledger.js';
import { auditRecords, operate } from './operator.js';
import { newDataDir, removeDataDir, startRollcall, type Rollcall } from './rollcall-process.js';
import { newDoor, PASSWORD } from './scene.js';
import { smtpSink, type SmtpSink } from './smtp-sink.js';

export type Victim = 'the process' | 'PostgreSQL';

const CALLERS = 6;
/** The round's kill comes after so many acknowledged calls, at least and at most. */
const FIRST = 20;
const LAST = 120;

/**
 * Rounds of kill -9 under load, on one data folder, each at a moment chosen by the number of answers; after each round
 * everything acknowledged is there, and at the end every read model equals the log, every effect has its audit record
 * and every sign-up its mail.
 */
export async function killRounds(victim: Victim, rounds: number): Promise<void> {
  const mail = await smtpSink();
  const settings = { ROLLCALL_SMTP_URL: mail.url, ROLLCALL_MAIL_FROM: 'Rollcall <no-reply@rollcall.example>' };
  const dataDir = await newDataDir();
  let rollcall = await startRollcall({ dataDir, settings });
  try {
    const port = Number(new URL(rollcall.endpoint).port);
    const { poolId, clientId } = await newDoor(administrator(rollcall), { AutoVerifiedAttributes: ['email'] });
    let answers = 0;
    let atKill: () => void = () => undefined;
    let killAt = Infinity;
    const book = ledger(() => {
      answers += 1;
      if (answers >= killAt) atKill();
    });
    const signedUp: string[] = [];

    for (let round = 1; round <= rounds; round++) {
      killAt = answers + FIRST + Math.floor(Math.random() * (LAST - FIRST));
      const reached = new Promise<void>((resolve) => { atKill = resolve; });
      const stop = { now: false };
      const load = Promise.all(Array.from({ length: CALLERS }, (_, caller) =>
        callOnAndOn(rollcall, book, { poolId, clientId, signedUp, prefix: `r${round}c${caller}` }, stop)));
      await Promise.race([reached, load]); // a load that ends by itself has failed: its error is thrown below
      killAt = Infinity;
      if (victim === 'the process') {
        await rollcall.kill();
        stop.now = true;
        await load;
        rollcall = await startRollcall({ dataDir, settings, port });
      } else {
        await killPostgres(dataDir);
        stop.now = true;
        await load;
        await heals(rollcall);
      }
      expect(await book.differences(administrator(rollcall), poolId)).toEqual([]);
    }

    const people = await everybody(rollcall, poolId);
    expect(people.map(({ name }) => name).toSorted()).toEqual(book.present().toSorted());
    const verified = await operate(rollcall, 'projections', 'verify', '--json');
    expect({ code: verified.code, differing: verified.stdout.split('\n').filter((line) => line.includes('"matches":false')) }).toEqual({ code: 0, differing: [] });
    await everySignUpHasItsMail(mail, signedUp);
    await everyEffectHasItsRecord(rollcall, book.acknowledged, people);
  } finally {
    await rollcall.stop();
    await mail.close();
    await removeDataDir(dataDir);
  }
}

interface Place {
  readonly poolId: string;
  readonly clientId: string;
  readonly signedUp: string[];
  readonly prefix: string;
}

/** One caller: makes, confirms, deletes and signs in users until a call is not answered. Nothing is repeated. */
async function callOnAndOn(rollcall: Rollcall, book: Ledger, { poolId: UserPoolId, clientId: ClientId, signedUp, prefix }: Place, stop: { now: boolean }): Promise<void> {
  const admin = administrator(rollcall, { maxAttempts: 1 });
  const user = app(rollcall, { maxAttempts: 1 });
  for (let n = 0; !stop.now; n++) {
    const Username = `${prefix}n${n}`;
    if (n % 3 === 0) {
      const email = `${Username}@example.com`;
      if (!(await book.change(Username, 'UNCONFIRMED', () => user.signUp({ ClientId, Username, Password: PASSWORD, UserAttributes: [{ Name: 'email', Value: email }] })))) return;
      if (n % 2 === 0) {
        signedUp.push(email); // whoever is confirmed already gets no code any more
        continue;
      }
      if (!(await book.change(Username, 'CONFIRMED', () => admin.adminConfirmSignUp({ UserPoolId, Username })))) return;
      if (!(await book.note(() => user.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: Username, PASSWORD } })))) return;
    } else {
      if (!(await book.change(Username, 'FORCE_CHANGE_PASSWORD', () => admin.adminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' })))) return;
      const old = n % 5 === 0 ? book.pick('FORCE_CHANGE_PASSWORD') : undefined;
      if (old !== undefined && !(await book.change(old, 'absent', () => admin.adminDeleteUser({ UserPoolId, Username: old })))) return;
    }
  }
}

/** SIGKILL of the postmaster and of everything that it has started, all at once. */
async function killPostgres(dataDir: string): Promise<void> {
  const postmaster = Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' }).split('\n').map(Number).filter((pid) => pid > 0);
  for (const pid of [postmaster, ...children]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended by itself
    }
  }
}

/** Nobody lends a hand. */
const heals = ({ endpoint }: Rollcall): Promise<true> => eventually(async () => {
  const { status } = await fetch(`${endpoint}/health/ready`);
  return status === 200 || undefined;
});

interface Listed {
  readonly name: string;
  readonly sub: string;
}

async function everybody(rollcall: Rollcall, UserPoolId: string): Promise<readonly Listed[]> {
  const admin = administrator(rollcall);
  const found: Listed[] = [];
  let PaginationToken: string | undefined;
  do {
    const page = await admin.listUsers({ UserPoolId, PaginationToken });
    found.push(...(page.Users ?? []).map(({ Username = '', Attributes = [] }) => ({ name: Username, sub: Attributes.find(({ Name }) => Name === 'sub')?.Value ?? '' })));
    PaginationToken = page.PaginationToken;
  } while (PaginationToken !== undefined);
  return found;
}

/** At least once each, and however often, as one message. */
async function everySignUpHasItsMail({ mails }: SmtpSink, addresses: readonly string[]): Promise<void> {
  await eventually(async () => addresses.every((address) => mails.some(({ to }) => to === address)) || undefined);
  expect(addresses.filter((address) => new Set(mails.filter(({ to }) => to === address).map(({ messageId }) => messageId)).size !== 1)).toEqual([]);
}

/** What a kill left without a record gets one from the sweep, about a minute later. */
async function everyEffectHasItsRecord(rollcall: Rollcall, acknowledged: readonly string[], people: readonly Listed[]): Promise<void> {
  const made = new Set(['SignUp', 'AdminCreateUser']);
  const records = await eventually(async () => {
    const all = await auditRecords(rollcall);
    const subs = new Set(all.filter(({ operation, outcome }) => made.has(operation) && (outcome === 'ok' || outcome === 'unknown')).map(({ sub }) => sub));
    return people.every(({ sub }) => subs.has(sub)) ? all : undefined;
  });
  const outcomes = new Map(records.map(({ correlationId, outcome }) => [correlationId, outcome]));
  expect(acknowledged.filter((requestId) => outcomes.get(requestId) !== 'ok')).toEqual([]);
  expect(records).toHaveLength(outcomes.size); // one record a call
}
