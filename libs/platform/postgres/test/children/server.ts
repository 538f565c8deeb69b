import { connect, startEmbedded } from '../../src/index.js';

/** Starts a server, prints its pid, then counts acknowledged inserts until it is killed. */
const server = await startEmbedded({ dataDir: process.argv[2] ?? '' });
const db = connect(server.connection);
await db.queryOnce('create table if not exists written (n int primary key)');
console.log(`pid ${server.pid}`);
const { rows: [last] } = await db.query<{ n: number }>('select coalesce(max(n), 0) as n from written');
for (let n = (last?.n ?? 0) + 1; ; n++) {
  await db.query('insert into written values ($1)', [n]);
  console.log(`written ${n}`);
}
