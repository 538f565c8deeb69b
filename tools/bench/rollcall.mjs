/** Rollcall as a bench runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** As a user would start it, but without settings from this shell. */
export function rollcall(dataDir, port) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROLLCALL_')));
  return spawn(process.execPath, ['tools/start.mjs'], {
    cwd: root,
    env: { ...env, ROLLCALL_DATA_DIR: dataDir, ROLLCALL_PORT: String(port), ROLLCALL_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export const isReady = (port) => fetch(`http://127.0.0.1:${port}/health/ready`).then(({ status }) => status === 200, () => false);
