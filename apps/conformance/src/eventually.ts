const PAUSE_MILLIS = 100;

/**
 * Asks again until there is an answer; how long may pass is the test's own time limit.
 * @param ask `undefined`: not yet
 */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MILLIS); });
  }
}
