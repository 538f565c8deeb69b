import { refusal, type DirectoryPort, type wire } from '@rollcall/contracts';

export const poolId = 'us-east-1_Abc123xyz';
export const otherPoolId = 'us-east-1_Def456uvw';
export const appClient = 'app0client0000000000000000';
export const otherClient = 'other0client00000000000000';
export const ada = '5a1f0c9e-7a55-4b0e-9a53-0d6f1a2b3c4d';
export const credential = 'c0ffee00-0000-4000-8000-000000000001';

export const adaAsCreated: wire.directory.User = {
  poolId,
  sub: ada,
  username: 'ada',
  attributes: [{ name: 'email', value: 'ada@example.com' }, { name: 'email_verified', value: 'true' }, { name: 'custom:plan', value: '3' }],
  status: 'CONFIRMED',
  enabled: true,
  createdAt: 1_700_000_000,
  updatedAt: 1_700_000_000,
  credentialId: credential,
  temporaryUntil: undefined,
  sessionGeneration: 0,
  sparedFamily: undefined,
  revision: 1,
  groups: [],
};

export type FakeDirectory = Pick<DirectoryPort, 'getUser' | 'clientContext' | 'poolContext'> & {
  /** As the user's stream would after such an event. */
  change(sub: string, change: Partial<wire.directory.User>): void;
  /** Ends all sessions but the spared one. */
  raiseGeneration(sub: string, sparedFamily?: string): void;
  deleteUser(sub: string): void;
  deletePool(poolId: string): void;
  setClient(clientId: string, settings: Readonly<Record<string, unknown>>, more?: { readonly poolId?: string; readonly secrets?: readonly string[] }): void;
  /** Happens once, right after the next user was read. */
  afterNextRead(happens: () => void): void;
  /** How many users were read. */
  reads(): number;
};

/** Two pools, a public client and Ada. */
export function fakeDirectory(): FakeDirectory {
  const pools = new Set([poolId, otherPoolId]);
  const users = new Map<string, wire.directory.User>([[ada, adaAsCreated]]);
  const clients = new Map<string, wire.directory.Client>();
  let reads = 0;
  let afterRead = () => {};

  const fake: FakeDirectory = {
    async getUser({ poolId: pool, by }) {
      reads += 1;
      const user = by?.$case === 'sub' ? users.get(by.value) : undefined;
      if (!pools.has(pool)) throw refusal('PoolNotFound', { poolId: pool });
      if (user?.poolId !== pool) throw refusal('UserNotFound');
      const happens = afterRead;
      afterRead = () => {};
      happens();
      return user;
    },
    async clientContext({ clientId }) {
      const client = clients.get(clientId);
      if (!client || !pools.has(client.poolId)) throw refusal('ClientNotFound', { clientId });
      return { pool: poolOf(client.poolId), client };
    },
    async poolContext({ poolId: pool }) {
      if (!pools.has(pool)) throw refusal('PoolNotFound', { poolId: pool });
      return poolOf(pool);
    },
    change(sub, change) {
      users.set(sub, { ...(users.get(sub) ?? { ...adaAsCreated, sub }), ...change });
    },
    raiseGeneration(sub, sparedFamily) {
      fake.change(sub, { sessionGeneration: (users.get(sub)?.sessionGeneration ?? 0) + 1, sparedFamily });
    },
    deleteUser: (sub) => { users.delete(sub); },
    deletePool: (pool) => { pools.delete(pool); },
    setClient(clientId, settings, { poolId: of = poolId, secrets = [] } = {}) {
      clients.set(clientId, {
        clientId,
        poolId: of,
        settingsJson: JSON.stringify({ ClientName: clientId, ...settings }),
        createdAt: 1_700_000_000,
        updatedAt: 1_700_000_000,
        revision: 0,
        secrets: secrets.map((value, n) => ({ secretId: `secret-${n}`, value, createdAt: 1_700_000_000 })),
      });
    },
    afterNextRead: (happens) => { afterRead = happens; },
    reads: () => reads,
  };
  fake.setClient(appClient, {});
  fake.setClient(otherClient, {});
  return fake;
}

const poolOf = (poolId: string): wire.directory.Pool => ({ poolId, settingsJson: '{}', createdAt: 1_700_000_000, updatedAt: 1_700_000_000, revision: 0 });
