interface Waiting<T> {
  readonly item: T;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes items in batches without a timer: whatever waits while one write is in flight goes into the next, so that a
 * lone caller waits for nobody and a crowd shares one statement. Each caller hears of its own batch's outcome.
 *
 * @param write writes all items of a batch or none
 * @param most items in one batch; 1 or more
 */
export function mergedWriter<T>(write: (items: readonly T[]) => Promise<void>, most = 500): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let writing = false;

  const drain = async () => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        await write(batch.map(({ item }) => item));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = false;
  };

  return (item) => new Promise((done, failed) => {
    waiting.push({ item, done, failed });
    if (!writing) void drain();
  });
}
