import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Rollcall that runs as a user would start it. */
export interface Rollcall {
  readonly endpoint: string;
  readonly dataDir: string;
  /** Address of the development outbox; absent with a mail server. */
  readonly outbox: string | undefined;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly pid: number;
  /** Lines of its log so far. */
  readonly log: readonly string[];
  /** What it printed for people. */
  readonly printed: readonly string[];
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, no farewell. */
  kill(): Promise<void>;
}

export interface StartOptions {
  /** Settings beside those that give the process its own folder and a free port. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A folder to start on again; a new one if absent. */
  readonly dataDir?: string;
  /** The port of an earlier run, so that tokens keep their issuer; a free one if absent. */
  readonly port?: number;
}

const root = join(import.meta.dirname, '../../..');
const START_MILLIS = 120_000;

export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'rollcall-conformance-'));
export const removeDataDir = (dataDir: string): Promise<void> => rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

/** Starts Rollcall by the command that the README names and waits until it says that it is ready. */
export async function startRollcall({ settings = {}, dataDir, port = 0 }: StartOptions = {}): Promise<Rollcall> {
  const folder = dataDir ?? await newDataDir();
  const child = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutRollcall(process.env), ROLLCALL_DATA_DIR: folder, ROLLCALL_PORT: String(port), ...settings },
  });
  const log: string[] = [];
  const printed: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const endpoint = await ready(child, printed, log);
  const fact = (name: string) => printed.map((line) => new RegExp(`^  ${name} +(.*)$`).exec(line)?.[1]).find((value) => value !== undefined);
  const outbox = fact('mail outbox');
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    endpoint,
    dataDir: folder,
    outbox: outbox?.startsWith('http') ? outbox : undefined,
    credentials: settings['ROLLCALL_ACCESS_KEY_ID'] === undefined
      ? await credentialsIn(join(folder, 'admin-credentials'))
      : { accessKeyId: settings['ROLLCALL_ACCESS_KEY_ID'], secretAccessKey: settings['ROLLCALL_SECRET_ACCESS_KEY'] ?? '' },
    pid: child.pid ?? 0,
    log,
    printed,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Nothing that the person running the tests has set may reach the Rollcall under test. */
const withoutRollcall = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('ROLLCALL_') && name !== 'NODE_OPTIONS'));

function ready(child: ChildProcess, printed: string[], log: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`Rollcall ${why}\n${[...printed, ...log].join('\n')}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), START_MILLIS);
    child.once('exit', (code) => fail(`ended with code ${code}`));
    if (!child.stdout) return fail('has no standard output');
    let endpoint: string | undefined;
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line);
      endpoint ??= /^  endpoint +(\S+)$/.exec(line)?.[1];
      if (endpoint !== undefined && /^  try /.test(line)) {
        clearTimeout(timer);
        resolve(endpoint);
      }
    });
  });
}

/** The first key of a file in AWS's shared-credentials format. */
async function credentialsIn(file: string) {
  const text = await readFile(file, 'utf8');
  const value = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}
