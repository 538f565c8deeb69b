import type { Log, Time } from '@rollcall/eventing';

import type { PublicJwk } from '../domain/signing-key.events.js';

export interface KeyPair {
  readonly publicJwk: PublicJwk;
  /** PKCS #8 DER. Secret. */
  readonly privateDer: Buffer;
}

/** Keys made in advance and assigned to nobody, sealed: RSA keys take a third of a second a pair. */
export interface KeyReserve {
  /** Takes up to so many, each given out once. */
  take(count: number): Promise<readonly KeyPair[]>;
  put(pair: KeyPair): Promise<void>;
  count(): Promise<number>;
}

export interface KeySupplyNeeds {
  readonly reserve: KeyReserve;
  /** On libuv's pool. */
  readonly generate: () => Promise<KeyPair>;
  readonly time: Time;
  readonly log: Log;
  /** Keys to keep in reserve; 8 in one process. */
  readonly size: number;
}

export interface KeySupply {
  take(count: number): Promise<readonly KeyPair[]>;
  /** Fills the reserve in the background, one key after another with pauses, so that sign-ins keep the processor. */
  refill(): void;
  /** Begins no further key and waits for the one under way. */
  stop(): Promise<void>;
}

const BETWEEN_KEYS_MILLIS = 250;

export function keySupply({ reserve, generate, time, log, size }: KeySupplyNeeds): KeySupply {
  let stopped = false;
  let filling: Promise<void> | undefined;

  const fill = async () => {
    try {
      while (!stopped && await reserve.count() < size) {
        await reserve.put(await generate());
        if (!stopped) await time.pause(BETWEEN_KEYS_MILLIS).over;
      }
    } catch (error) {
      log.warn({ error }, 'the reserve of signing keys could not be filled');
    } finally {
      filling = undefined;
    }
  };
  const refill = () => { if (!stopped) filling ??= fill(); };

  return {
    async take(count) {
      const taken = await reserve.take(count);
      refill();
      return [...taken, ...await Promise.all(Array.from({ length: count - taken.length }, generate))];
    },
    refill,
    async stop() {
      stopped = true;
      await filling;
    },
  };
}
