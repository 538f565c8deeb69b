/** Something without which no request can be served, e.g. the database. */
export interface ReadinessCheck {
  /** Shown to whoever asks, so nothing but a plain word. */
  readonly name: string;
  /** A check that has not answered by then has failed. */
  readonly deadlineMillis: number;
  /** Resolves if all is well; told when its answer is no longer wanted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

/**
 * Runs all checks side by side. Callers who ask while a round runs share its answer, so that an endpoint open to
 * everybody cannot be used to load the database.
 * @param onFailure is given the reason, which the answer does not hold
 */
export function readinessOf(checks: readonly ReadinessCheck[], onFailure: (name: string, error: unknown) => void): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined;
  const round = async (): Promise<Readiness> => {
    const results = await Promise.all(checks.map(async (check) => [check.name, await passes(check, onFailure) ? 'ok' : 'failed'] as const));
    return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
  };
  return () => (running ??= round().finally(() => { running = undefined; }));
}

async function passes(check: ReadinessCheck, onFailure: (name: string, error: unknown) => void): Promise<boolean> {
  const signal = AbortSignal.timeout(check.deadlineMillis);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')));
  });
  try {
    await Promise.race([check.run(signal), late]);
    return true;
  } catch (error) {
    onFailure(check.name, error);
    return false;
  }
}
