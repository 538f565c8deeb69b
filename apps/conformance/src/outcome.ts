/** What a client was told: `ok`, or the exception's name and text. */
export type Outcome = 'ok' | `${string}: ${string}`;

export async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `${error.name}: ${error.message}`;
  }
}

/** How often each outcome was seen among callers that all went at once. */
export async function outcomesOf(callers: number, call: (caller: number) => Promise<unknown>): Promise<Map<Outcome, number>> {
  const outcomes = await Promise.all(Array.from({ length: callers }, (_, caller) => outcomeOf(call(caller))));
  const counts = new Map<Outcome, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
}

/** The refusal as Jest matches it. */
export const refusal = (name: string, message: string) => ({ name, message, $metadata: { httpStatusCode: 400 } });
