import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import type { Database } from './database.js';

/**
 * Listens on a channel over a connection of its own, which is made again when it is lost. Notifications in between are
 * lost: `onNotify` is called after every connection too, so treat it as "look again", and poll besides.
 *
 * @param channel name of ours, never a caller's text
 * @returns ends listening
 */
export function listen(db: Database, channel: string, onNotify: () => void): () => Promise<void> {
  const stopped = new AbortController();
  const stopping = new Promise<void>((resolve) => { stopped.signal.addEventListener('abort', () => resolve()); });
  const once = async (): Promise<void> => {
    const client = new pg.Client({ ...db.settings, query_timeout: 0 } as pg.ClientConfig);
    const lost = new Promise<void>((resolve) => {
      client.once('error', () => resolve());
      client.once('end', () => resolve());
    });
    client.on('error', () => undefined); // `lost` tells; a second error of the same connection says nothing new
    client.on('notification', onNotify);
    let connected = false;
    const hear = async (): Promise<void> => {
      await client.connect();
      connected = true;
      await client.query(`listen "${channel}"`);
      if (stopped.signal.aborted) return;
      onNotify();
      await lost;
    };
    // The driver never settles a connect() that is ended on its way, so nobody may wait for that alone.
    try {
      await Promise.race([hear(), stopping]);
    } finally {
      const ended = client.end().catch(() => undefined); // was lost already
      if (connected) await ended;
    }
  };
  const listening = (async () => {
    while (!stopped.signal.aborted) {
      await once().catch(() => undefined); // the database is away: the poll goes on meanwhile, we try again
      await sleep(500, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  })();
  return async () => {
    stopped.abort();
    await listening;
  };
}
