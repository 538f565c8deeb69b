import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Claim, Device } from './amazon-client.worker.js';

const start = (request: unknown): Worker => new Worker(new URL('./amazon-client.worker.ts', import.meta.url), { workerData: request, execArgv: [], env: {} });

async function next<T>(worker: Worker): Promise<T> {
  const [message] = await once(worker, 'message');
  return message as T;
}

async function only<T>(request: unknown): Promise<T> {
  const worker = start(request);
  try {
    return await next<T>(worker);
  } finally {
    await worker.terminate();
  }
}

/** A sign-in by Amazon's client: what it sends first, and what it signs once it has the challenge. */
export async function amazonClient(poolName: string) {
  const worker = start({ signInTo: poolName });
  return {
    SRP_A: await next<string>(worker),
    async signature(claim: Claim): Promise<string> {
      worker.postMessage(claim);
      const signature = await next<string>(worker);
      await worker.terminate();
      return signature;
    },
  };
}

export const amazonDevice = (deviceOf: string, key: string): Promise<Device> => only({ deviceOf, key });
export const amazonNow = (): Promise<string> => only('now');
