import { mkdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Settings } from '@rollcall/platform-config';
import { fileKeyProvider, randomBase64Url, workerCrypto } from '@rollcall/platform-crypto';
import { createHttpServer } from '@rollcall/platform-http';
import { nestAdapter, nestLog } from '@rollcall/platform-http/nest';
import { createLogger } from '@rollcall/platform-log';
import { openDatabase } from '@rollcall/platform-postgres';
import { adminCredentialsFile } from '@rollcall/token';

import { banner } from './banner.js';
import { registerEdges } from './edges.js';
import { issuerOf } from './issuer.js';
import { composeServices } from './services.js';
import { openStores } from './stores.js';
import { openTransports } from './transports.js';

const OUTBOX_SECRET_BYTES = 24;
const CHECK_MILLIS = 2_000;

@Module({})
class Rollcall {}

/** Starts everything; resolves once requests are answered. */
export async function runRollcall(settings: Settings): Promise<{ stop(): Promise<void> }> {
  const log = createLogger({ level: settings.ROLLCALL_LOG_LEVEL });
  const dataDir = settings.ROLLCALL_DATA_DIR;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const [provider, database] = await Promise.all([
    fileKeyProvider(settings.ROLLCALL_MASTER_KEY_FILE ?? join(dataDir, 'master-key')),
    openDatabase(settings.ROLLCALL_DATABASE_URL, {
      dataDir,
      binaries: settings.ROLLCALL_POSTGRES_BIN,
      onEvent(event) {
        if (event.kind === 'restarted') log.warn({ pid: event.pid }, 'the embedded database was started again');
        else if (event.kind === 'died') log.error({ code: event.code, signal: event.signal }, 'the embedded database died');
        else log.error({ error: event.error }, 'the embedded database cannot be started again yet');
      },
    }),
  ]);
  const { db } = database;
  const stores = await openStores(db, provider, database.shared);
  const crypto = workerCrypto(settings.ROLLCALL_CRYPTO_WORKERS === undefined ? {} : { workers: settings.ROLLCALL_CRYPTO_WORKERS });
  const { transports, close: closeTransports } = await openTransports(settings);

  // The listening address is known only later, and the issuer is asked for only then.
  let base = settings.ROLLCALL_PUBLIC_URL ?? '';
  const issuer = (poolId: string) => issuerOf(settings.ROLLCALL_ISSUER, base)(poolId);
  let app: INestApplication | undefined;
  const services = await composeServices({
    db, stores, crypto, transports, issuer, accountId: settings.ROLLCALL_ACCOUNT_ID, log,
    app: () => {
      if (!app) throw new TypeError('no port can be found before the application is made');
      return app;
    },
  });

  const server = createHttpServer({
    log,
    https: settings.ROLLCALL_PUBLIC_URL?.startsWith('https:') ?? false,
    checks: [
      { name: 'database', deadlineMillis: CHECK_MILLIS, run: async () => void (await db.query('select 1')) },
      { name: 'audit', deadlineMillis: CHECK_MILLIS, run: () => services.trail.probe() },
      {
        name: 'log-readers',
        deadlineMillis: CHECK_MILLIS,
        run: async () => { if (services.stopped().length > 0) throw new Error(`stopped: ${services.stopped().join(', ')}`); },
      },
    ],
  });
  const outboxSecret = transports.email && transports.sms ? undefined : randomBase64Url(OUTBOX_SECRET_BYTES);
  const edges = registerEdges({ server, ports: services.ports, settings, issuer, poolUrl: (poolId) => `${base}/${poolId}`, outboxSecret, log });
  app = await NestFactory.create({ module: Rollcall, imports: services.modules }, nestAdapter(server), { logger: nestLog(log), abortOnError: false });
  await app.init();

  const credentialsFile = join(dataDir, 'admin-credentials');
  const set = settings.ROLLCALL_ACCESS_KEY_ID === undefined
    ? undefined
    : { accessKeyId: settings.ROLLCALL_ACCESS_KEY_ID, secretAccessKey: settings.ROLLCALL_SECRET_ACCESS_KEY ?? '' };
  await services.token.bootstrapAdminKey(set, adminCredentialsFile(credentialsFile));

  await server.fastify.listen({ host: settings.ROLLCALL_HOST, port: settings.ROLLCALL_PORT });
  const endpoint = addressOf(settings.ROLLCALL_HOST, server.fastify.server.address() as AddressInfo);
  base = settings.ROLLCALL_PUBLIC_URL ?? endpoint;
  const background = services.start();
  console.log(banner({
    endpoint: base,
    credentialsFile: set ? undefined : credentialsFile,
    outbox: outboxSecret === undefined ? undefined : `${endpoint}/dev/outbox/${outboxSecret}`,
    mailed: transports.email !== undefined,
    version: await versionOf(),
  }));
  log.info({ endpoint }, 'listening');
  crypto.prepare().catch((error: unknown) => log.warn({ error }, 'the faster way of SRP is not available'));

  return {
    async stop() {
      log.info({}, 'stopping');
      const outcome = await server.drain(settings.ROLLCALL_DRAIN_SECONDS);
      edges.stop();
      await background.stop();
      await app?.close();
      closeTransports();
      await crypto.close();
      await Promise.all(Object.values(stores).map((store) => store.close()));
      await database.close();
      log.info({ outcome }, 'stopped');
    },
  };
}

const addressOf = (host: string, { port }: AddressInfo): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

async function versionOf(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
