import type { Checkpoints, Lease } from './event-store.js';
import type { Log } from './log.js';
import { bell, type Time } from './pause.js';

/** Renews a lease, however long a batch takes, until ended. */
export interface LeaseKeeper {
  /** Whether somebody else has taken over, as far as is known. */
  lost(): boolean;
  /** Resolves when no renewal is under way any more. */
  end(): Promise<void>;
}

/** @param onLost called once if a renewal is refused */
export function keepLease(
  { checkpoints, time, log }: { readonly checkpoints: Pick<Checkpoints, 'renew'>; readonly time: Time; readonly log: Log },
  lease: Lease,
  ttlMillis: number,
  onLost: () => void,
): LeaseKeeper {
  const patience = bell(time);
  let lost = false;
  let ending = false;

  async function renewing(): Promise<void> {
    for (;;) {
      await patience.wait(ttlMillis / 3);
      if (ending) return;
      try {
        if (await checkpoints.renew(lease, ttlMillis)) continue;
      } catch (error) {
        log.warn({ subscription: lease.name, error }, 'a lease could not be renewed');
        continue;
      }
      lost = true;
      onLost();
      return;
    }
  }

  const ended = renewing();
  return {
    lost: () => lost,
    end() {
      ending = true;
      patience.ring();
      return ended;
    },
  };
}
