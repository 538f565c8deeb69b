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
  let client: pg.Client | undefined;
  const once = async (): Promise<void> => {
    const mine = new pg.Client({ ...db.settings, query_timeout: 0 } as pg.ClientConfig);
    client = mine;
    const lost = new Promise<void>((resolve) => {
      mine.once('error', () => resolve());
      mine.once('end', () => resolve());
    });
    mine.on('error', () => undefined); // `lost` tells; a second error of the same connection says nothing new
    mine.on('notification', onNotify);
    await mine.connect();
    await mine.query(`listen "${channel}"`);
    onNotify();
    await lost;
  };
  const listening = (async () => {
    while (!stopped.signal.aborted) {
      await once().catch(() => undefined); // the database is away: the poll goes on meanwhile, we try again
      await sleep(500, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  })();
  return async () => {
    stopped.abort();
    await client?.end().catch(() => undefined); // was lost already
    await listening;
  };
}
