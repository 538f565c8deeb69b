import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

import { outcomeOf } from './outcome.js';

/** Where a user must be found, by what was acknowledged. */
export type Standing = 'absent' | 'FORCE_CHANGE_PASSWORD' | 'UNCONFIRMED' | 'CONFIRMED';

interface Entry {
  standing: Standing;
  /** Where it may stand besides, because a call about it was cut off. */
  or?: Standing | undefined;
}

/** What a load was told: each user's standing, and the requests that were answered with success. */
export interface Ledger {
  /** One change of one user by one call. @returns whether it was acknowledged */
  change(name: string, to: Standing, call: () => Promise<{ readonly $metadata: { readonly requestId?: string } }>): Promise<boolean>;
  /** A call that changes no user's standing. */
  note(call: () => Promise<{ readonly $metadata: { readonly requestId?: string } }>): Promise<boolean>;
  /** A name that stands there, and that nobody is changing now. */
  pick(standing: Standing): string | undefined;
  /** Calls that were answered with success. */
  readonly acknowledged: readonly string[];
  /** Names that must be found, and what was found instead. Settles what was open. */
  differences(admin: CognitoIdentityProvider, poolId: string): Promise<readonly string[]>;
  /** Names of users that are there. Call it after `differences`. */
  present(): readonly string[];
}

/** @param onAcknowledged told after each success: the load is counted by answers, not by the clock */
export function ledger(onAcknowledged: () => void): Ledger {
  const entries = new Map<string, Entry>();
  const busy = new Set<string>();
  const acknowledged: string[] = [];

  const answered = async (call: () => Promise<{ readonly $metadata: { readonly requestId?: string } }>): Promise<boolean> => {
    try {
      const { $metadata: { requestId } } = await call();
      acknowledged.push(requestId ?? 'no request id');
      onAcknowledged();
      return true;
    } catch (error) {
      // A refusal would be a fault of the load: only answers that tell nothing may be missing.
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status !== undefined && status < 500) throw error;
      return false;
    }
  };

  return {
    async change(name, to, call) {
      const entry = entries.get(name) ?? { standing: 'absent' };
      entries.set(name, entry);
      busy.add(name);
      try {
        if (await answered(call)) entries.set(name, { standing: to });
        else entries.set(name, { ...entry, or: to });
        return entries.get(name)?.or === undefined;
      } finally {
        busy.delete(name);
      }
    },
    note: answered,
    pick: (standing) => [...entries].find(([name, entry]) => entry.standing === standing && entry.or === undefined && !busy.has(name))?.[0],
    acknowledged,
    async differences(admin, poolId) {
      const found: string[] = [];
      for (const [name, entry] of entries) {
        const is = await standingOf(admin, poolId, name);
        if (is !== entry.standing && is !== entry.or) found.push(`${name} must be ${entry.standing}${entry.or === undefined ? '' : ` or ${entry.or}`} and is ${is}`);
        entries.set(name, { standing: is as Standing });
      }
      return found;
    },
    present: () => [...entries].filter(([, { standing }]) => standing !== 'absent').map(([name]) => name),
  };
}

async function standingOf(admin: CognitoIdentityProvider, poolId: string, name: string): Promise<string> {
  let status = '';
  const outcome = await outcomeOf(admin.adminGetUser({ UserPoolId: poolId, Username: name }).then(({ UserStatus }) => { status = UserStatus ?? ''; }));
  if (outcome === 'ok') return status;
  return outcome.startsWith('UserNotFoundException') ? 'absent' : outcome;
}
