import { noEffects, poolSettings, refusal, type CallContext, type DirectoryPort, type wire } from '@rollcall/contracts';
import { canonicalJson, nameForm } from '@rollcall/kernel';

type User = wire.directory.User;

export const poolId = 'eu-west-1_TestPool1';
export const clientId = '1example23456789abcdefghij';

export interface ClientOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secrets?: readonly string[];
  readonly poolId?: string;
}

const ALL_FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];

/** A directory in memory: what authentication asks of it, with its rules about names, credentials and generations. */
export function fakeDirectory() {
  const pools = new Map<string, Record<string, unknown>>([[poolId, { PoolName: 'test', AutoVerifiedAttributes: ['email'] }]]);
  const clients = new Map<string, Required<ClientOptions>>();
  const users = new Map<string, User>();
  const earlier = new Map<string, Set<string>>();
  const repeats = new Map<string, User>();
  let reads = 0;
  let appends = 0;

  const settingsOf = (id: string) => {
    const settings = pools.get(id);
    if (!settings) throw refusal('PoolNotFound', { poolId: id });
    return settings;
  };
  const fold = (id: string, name: string) => nameForm(name, poolSettings(canonicalJson(settingsOf(id))).UsernameConfiguration.CaseSensitive);
  const attribute = (user: User, name: string) => user.attributes.find((each) => each.name === name)?.value;
  const namesOf = (user: User): readonly string[] => {
    const { AliasAttributes, UsernameAttributes } = poolSettings(canonicalJson(settingsOf(user.poolId)));
    const addresses = [...UsernameAttributes, ...AliasAttributes.filter((alias) => attribute(user, `${alias}_verified`) === 'true' || alias === 'preferred_username')];
    return [user.sub, user.username, ...addresses.flatMap((alias) => attribute(user, alias) ?? [])].map((name) => fold(user.poolId, name));
  };
  const find = (ref: wire.directory.UserRef): User | undefined => {
    reads += 1;
    const { by } = ref;
    return [...users.values()].find((user) => user.poolId === ref.poolId
      && (by?.$case === 'sub' ? user.sub === by.value : namesOf(user).includes(fold(ref.poolId, by?.value ?? ''))));
  };
  const existing = (ref: wire.directory.UserRef): User => {
    const user = find(ref);
    if (!user) throw refusal('UserNotFound');
    return { ...user };
  };
  const put = (user: User): User => {
    appends += 1;
    users.set(`${user.poolId}/${user.sub}`, { ...user, revision: user.revision + 1 });
    return { ...user };
  };
  /** A request that is repeated is answered as it was. */
  const once = (call: CallContext, what: string, act: () => User): User => {
    const key = call.requestKey && `${call.requestKey} ${what}`;
    const before = key === undefined ? undefined : repeats.get(key);
    if (before) return users.get(`${before.poolId}/${before.sub}`) ?? before;
    const user = act();
    if (key !== undefined) repeats.set(key, user);
    return user;
  };
  const begin = (request: wire.directory.NewUser, status: string): User => {
    const settings = poolSettings(canonicalJson(settingsOf(request.poolId)));
    const signsInByAddress = settings.UsernameAttributes.length > 0;
    const taken = (name: string) => [...users.values()].some((user) => user.poolId === request.poolId && namesOf(user).includes(fold(request.poolId, name)));
    if (taken(request.username)) throw signsInByAddress ? refusal('NameAttributeTaken', { kind: 'email' }) : refusal('UsernameTaken');
    const attributes = signsInByAddress ? [...request.attributes.filter(({ name }) => name !== 'email'), { name: 'email', value: request.username }] : request.attributes;
    return put({
      poolId: request.poolId, sub: request.sub, username: signsInByAddress ? request.sub : fold(request.poolId, request.username), attributes, status, enabled: true,
      createdAt: 0, updatedAt: 0, credentialId: request.credentialId, temporaryUntil: request.temporaryUntil, sessionGeneration: 0, sparedFamily: undefined,
      revision: 0, groups: [],
    });
  };

  const port: DirectoryPort = {
    ...({} as DirectoryPort), // what is missing below, authentication must not call
    async clientContext({ clientId: id }) {
      const client = clients.get(id);
      if (!client || !pools.has(client.poolId)) throw refusal('ClientNotFound', { clientId: id });
      return {
        pool: await port.poolContext({ poolId: client.poolId }, {} as CallContext),
        client: {
          clientId: id, poolId: client.poolId, settingsJson: canonicalJson(client.settings), createdAt: 0, updatedAt: 0, revision: 0,
          secrets: client.secrets.map((value, n) => ({ secretId: String(n), value, createdAt: 0 })),
        },
      };
    },
    poolContext: async ({ poolId: id }) => ({ poolId: id, settingsJson: canonicalJson(settingsOf(id)), createdAt: 0, updatedAt: 0, revision: 0 }),
    findUser: async (ref) => ({ user: find(ref) }),
    getUser: async (ref) => existing(ref),
    register: async (request, call) => once(call, 'register', () => begin(request, request.confirmed ? 'CONFIRMED' : 'UNCONFIRMED')),
    createUser: async (request, call) => once(call, 'create', () => begin(request, 'FORCE_CHANGE_PASSWORD')),
    confirmUser: async ({ poolId: id, sub, verifiedAttribute }, call) => once(call, 'confirm', () => {
      const user = existing({ poolId: id, by: { $case: 'sub', value: sub } });
      if (user.status !== 'UNCONFIRMED') throw refusal('AlreadyConfirmed', { status: user.status });
      if (aliasTaken.has(sub)) throw refusal('AliasTaken', { kind: 'email' });
      const verified = verifiedAttribute === undefined ? [] : [{ name: `${verifiedAttribute}_verified`, value: 'true' }];
      return put({ ...user, status: 'CONFIRMED', attributes: [...user.attributes, ...verified] });
    }),
    choosePassword: async (choice, call) => once(call, 'choose', () => {
      const user = existing({ poolId: choice.poolId, by: { $case: 'sub', value: choice.sub } });
      if (choice.madeFor !== undefined && choice.madeFor !== user.credentialId) throw refusal('UserChangedMeanwhile');
      if (choice.madeUnder !== undefined && choice.madeUnder !== user.sessionGeneration) throw refusal('UserChangedMeanwhile');
      const { SchemaAttributes } = poolSettings(canonicalJson(settingsOf(choice.poolId)));
      for (const { Name, Required } of SchemaAttributes) {
        const [before, after] = [attribute(user, Name), choice.attributes.find(({ name }) => name === Name)?.value];
        if (!Required || Name === 'sub' || choice.origin !== 'user') continue;
        if (before === undefined && after === undefined) throw refusal('AttributeInvalid', { attribute: Name, rule: `Invalid attributes given, ${Name} is missing` });
        if (before !== undefined && after !== undefined && before !== after) throw refusal('AttributeInvalid', { attribute: Name, rule: `Cannot modify an already provided ${Name}` });
      }
      if (user.credentialId !== undefined) earlier.set(choice.sub, new Set([...(earlier.get(choice.sub) ?? []), user.credentialId]));
      const changed = new Map([...user.attributes, ...choice.attributes].map(({ name, value }) => [name, value]));
      return put({
        ...user, credentialId: choice.credentialId, temporaryUntil: choice.temporaryUntil,
        status: choice.temporaryUntil === undefined ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
        attributes: [...changed].map(([name, value]) => ({ name, value })),
        sessionGeneration: user.sessionGeneration + (choice.signOut ? 1 : 0),
      });
    }),
    async namesCredential({ poolId: id, sub, credentialId }) {
      const user = find({ poolId: id, by: { $case: 'sub', value: sub } });
      if (user?.credentialId === credentialId) return { named: 'current' };
      return { named: earlier.get(sub)?.has(credentialId) ? 'earlier' : 'never' };
    },
  };
  const aliasTaken = new Set<string>();

  return {
    port,
    /** Confirming this user would take somebody's alias. */
    aliasTaken,
    reads: () => reads,
    appends: () => appends,
    users: () => [...users.values()],
    pool(settings: Readonly<Record<string, unknown>>, id = poolId) {
      pools.set(id, { PoolName: 'test', ...settings });
    },
    client(options: ClientOptions = {}, id = clientId) {
      clients.set(id, { settings: { ExplicitAuthFlows: ALL_FLOWS, ...options.settings }, secrets: options.secrets ?? [], poolId: options.poolId ?? poolId });
    },
    put,
    change(sub: string, changed: Partial<User>) {
      const user = [...users.values()].find((each) => each.sub === sub);
      if (user) put({ ...user, ...changed });
    },
    delete: (sub: string) => void users.delete(`${poolId}/${sub}`),
    effects: noEffects,
  };
}

export type FakeDirectory = ReturnType<typeof fakeDirectory>;
