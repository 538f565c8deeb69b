import { runSubscription } from '@rollcall/eventing';
import { masterKeyProvider } from '@rollcall/platform-crypto';
import { connect, txOf, type ConnectionConfig } from '@rollcall/platform-postgres';

import { postgresServiceStore } from '../../src/index.js';

/** Notes every event of a prefix in the journal, until it is killed. */
const [connection = '', service = '', prefix = ''] = process.argv.slice(2);
const db = connect(JSON.parse(connection) as ConnectionConfig);
const store = postgresServiceStore({ db, service, provider: masterKeyProvider(Buffer.alloc(32, 7)), shared: true });
const say = (facts: object, message: string) => console.log(`log ${message} ${JSON.stringify(facts)}`);

runSubscription({
  store: store.events, checkpoints: store.checkpoints, name: prefix, prefixes: [prefix], batch: 7, leaseTtlMillis: 300, pollMillis: 50,
  log: { error: say, warn: say, info: say },
  async handle(events, tx) {
    for (const { stream, revision } of events) await txOf(tx).query('insert into journal (page, entry) values ($1, $2)', [prefix, `${stream}@${revision}`]);
    console.log(`handled ${events.length}`);
  },
});
