import { randomBytes, type KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { CountedJob, CryptoPort } from './crypto-port.js';
import type { Executor } from './executor.js';
import { inlineExecutor } from './inline-executor.js';
import type { Job, JobInput, JobOutput } from './jobs.js';
import { boundedLane, type Lane, type LaneOptions } from './lane.js';
import { passwordBytes } from './password.js';
import { generateRsaKeyPair, signRs256 } from './rsa-key.js';
import { workerExecutor } from './worker-executor.js';

export interface CryptoOptions extends Partial<LaneOptions> {
  /** Threads of each lane; all cores, at most 8, unless given. A running argon2id job takes 19 MiB. */
  readonly workers?: number;
}

/** 256 waiting argon2id jobs are 1.5 s on two cores; SRP's are gone in a fifth of that. */
const defaults: LaneOptions = { queue: 256, deadlineMs: 10_000 };
const SALT_BYTES = 16;

/** In threads of their own: for a process that serves. */
export const workerCrypto = ({ workers = Math.min(availableParallelism(), 8), ...lanes }: CryptoOptions = {}): CryptoPort =>
  cryptoPort(seatsOf(workers), seatsOf(workers), { ...defaults, ...lanes });

/** On the calling thread: for tests, tools, and one process per core. */
export const inlineCrypto = (lanes: Partial<LaneOptions> = {}): CryptoPort =>
  cryptoPort([inlineExecutor()], [inlineExecutor()], { ...defaults, ...lanes });

const seatsOf = (workers: number): readonly Executor[] => Array.from({ length: workers }, () => workerExecutor());

/** A place in a lane; its executor may be exchanged between two jobs. */
interface Seat {
  executor: Executor;
}

function cryptoPort(srpExecutors: readonly Executor[], argon2Executors: readonly Executor[], options: LaneOptions): CryptoPort {
  const srpSeats = srpExecutors.map((executor): Seat => ({ executor }));
  const argon2Seats = argon2Executors.map((executor): Seat => ({ executor }));
  const srp = boundedLane(srpSeats, options);
  const argon2 = boundedLane(argon2Seats, options);
  const counts: Record<CountedJob, number> = {
    makeVerifier: 0, checkVerifier: 0, srpStart: 0, srpFinish: 0, hashArgon2: 0, checkArgon2: 0, signRs256: 0, generateRsaKeyPair: 0,
  };
  const closing = new AbortController();
  let preparing: Promise<void> | undefined;

  const inLane = <J extends Job>(lane: Lane<Seat>, job: J, input: JobInput<J>, source: string): Promise<JobOutput<J>> =>
    lane.run(source, ({ executor }, signal) => {
      counts[job]++;
      return executor.run(job, input, signal);
    });

  const prepareSeats = async (): Promise<void> => {
    try {
      for (const seat of srpSeats) {
        if (closing.signal.aborted) return;
        const old = seat.executor;
        seat.executor = await old.prepared(closing.signal);
        if (seat.executor !== old) await old.close();
      }
    } catch (error) {
      if (!closing.signal.aborted) throw error;
    }
  };

  return {
    async makeCredential({ password, kinds, ...identity }, source) {
      const bytes = passwordBytes(password);
      const salt = randomBytes(SALT_BYTES);
      // In this order: a full SRP lane then refuses before the costly half is paid.
      const verifier = kinds.verifier ? await inLane(srp, 'makeVerifier', { ...identity, password: bytes, salt }, source) : undefined;
      const hash = kinds.argon2 ? await inLane(argon2, 'hashArgon2', { password: bytes }, source) : undefined;
      return { ...(verifier && { srp: { salt, verifier: Buffer.from(verifier) } }), ...(hash !== undefined && { argon2: hash }) };
    },
    async checkPassword({ password, against, poolName, username }, source) {
      const bytes = passwordBytes(password);
      if (against.kind === 'argon2') return inLane(argon2, 'checkArgon2', { phc: against.phc, password: bytes }, source);
      const { salt, verifier } = against;
      return inLane(srp, 'checkVerifier', { poolName, username, password: bytes, salt, verifier }, source);
    },
    async srpStart(of, source) {
      const { B, state } = await inLane(srp, 'srpStart', of, source);
      return { B, state: Buffer.from(state) };
    },
    srpFinish: (answer, source) => inLane(srp, 'srpFinish', answer, source),
    signRs256(key: KeyObject, data: Uint8Array) {
      counts.signRs256++;
      return signRs256(key, data);
    },
    generateRsaKeyPair() {
      counts.generateRsaKeyPair++;
      return generateRsaKeyPair();
    },
    counts: () => ({ ...counts }),
    powerPaths: () => srpSeats.map(({ executor }) => executor.powerPath()),
    prepare: () => (preparing ??= prepareSeats()),
    async close() {
      closing.abort();
      await Promise.all([srp.drain(), argon2.drain()]);
      await preparing?.catch(() => undefined); // whoever asked for it has the error
      await Promise.all([...srpSeats, ...argon2Seats].map(({ executor }) => executor.close()));
    },
  };
}
