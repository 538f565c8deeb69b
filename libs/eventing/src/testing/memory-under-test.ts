import { StoreUnavailable } from '../store-errors.js';
import { memoryStore } from './memory-store.js';
import type { StoreUnderTest } from './store-under-test.js';

/** The memory store for the contract suite. */
export async function memoryUnderTest(): Promise<StoreUnderTest> {
  const store = memoryStore();
  const table = (page: string) => `journal ${page}`;
  let notes = 0;
  return {
    events: store,
    claims: store,
    erasure: store,
    checkpoints: store,
    transactions: store,
    unruly: (random) => ({
      async append(stream, expected, events, options) {
        const letGo = store.hold();
        try {
          for (let pauses = random() * 4; pauses > 0; pauses--) await new Promise((resolve) => { setImmediate(resolve); });
          const chance = random();
          if (chance < 0.05) throw new StoreUnavailable('nothing-happened');
          if (chance < 0.1) store.failNextAppend(chance < 0.07 ? 'before' : 'after');
          return await store.append(stream, expected, events, options);
        } finally {
          letGo();
        }
      },
    }),
    tamper: async (stream, revision) => store.tamper(stream, revision),
    journal: {
      async add(tx, page, entries) {
        store.createTable(tx, table(page));
        for (const entry of entries) store.rows<string>(tx, table(page)).put(String((notes += 1)).padStart(9, '0'), entry);
      },
      entries: (page) => store.transaction(async (tx) => {
        store.createTable(tx, table(page));
        return store.rows<string>(tx, table(page)).entries().map(([, entry]) => entry);
      }),
    },
    close: () => Promise.resolve(),
  };
}
