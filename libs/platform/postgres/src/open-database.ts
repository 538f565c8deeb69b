import { connect, type ConnectOptions, type Database } from './database.js';
import { startEmbedded, type EmbeddedOptions } from './embedded.js';

export interface OpenDatabase {
  readonly db: Database;
  /** Whether other processes may use the same database: readers are then woken by notifications. */
  readonly shared: boolean;
  /** Closes the pool, then an embedded server that this process started. */
  close(): Promise<void>;
}

/**
 * The database of a process: a server of one's own if there is an address, otherwise the embedded one.
 *
 * @param url a `postgresql://` address; absent: embedded
 */
export async function openDatabase(url: string | undefined, embedded: EmbeddedOptions, options: ConnectOptions = {}): Promise<OpenDatabase> {
  if (url !== undefined) {
    const db = connect(url, options);
    return { db, shared: true, close: () => db.close() };
  }
  const server = await startEmbedded(embedded);
  const db = connect(server.connection, options);
  return {
    db,
    // Tools may write beside us, through the same embedded server.
    shared: server.attached,
    async close() {
      await db.close();
      await server.stop();
    },
  };
}
