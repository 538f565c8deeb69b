import {
  clientSettings, poolSettings, refusal, writableBy, type CallContext, type ClientSettings, type DirectoryPort, type PoolSettings, type wire,
} from '@rollcall/contracts';

/** The app client of a call and its pool. */
export interface ClientContext {
  readonly poolId: string;
  readonly pool: PoolSettings;
  readonly clientId: string;
  readonly client: ClientSettings;
  /** Live secrets; none for a public client. */
  readonly secrets: readonly string[];
}

/**
 * @param adminPoolId the pool that an administrator names: the client must be of it
 * @throws {DomainError} `ClientNotFound`, `PoolNotFound`
 */
export async function clientContext(
  directory: Pick<DirectoryPort, 'clientContext' | 'poolContext'>,
  clientId: string,
  call: CallContext,
  adminPoolId?: string,
): Promise<ClientContext> {
  const { pool, client } = await directory.clientContext({ clientId }, call);
  if (!pool || !client) throw refusal('ClientNotFound', { clientId });
  if (adminPoolId !== undefined && adminPoolId !== pool.poolId) {
    await directory.poolContext({ poolId: adminPoolId }, call); // or that the pool does not exist
    throw refusal('ClientNotFound', { clientId });
  }
  return {
    poolId: pool.poolId,
    pool: poolSettings(pool.settingsJson),
    clientId,
    client: clientSettings(client.settingsJson),
    secrets: client.secrets.map(({ value }) => value),
  };
}

/** @throws {DomainError} `PoolNotFound` */
export const poolContext = async (directory: Pick<DirectoryPort, 'poolContext'>, poolId: string, call: CallContext): Promise<PoolSettings> =>
  poolSettings((await directory.poolContext({ poolId }, call)).settingsJson);

/** What the schema does not know is left to the directory, which says so. @throws {DomainError} `AttributeNotWritable` */
export function checkWritable({ SchemaAttributes }: PoolSettings, client: ClientSettings, attributes: readonly wire.common.Attribute[]): void {
  const mayWrite = writableBy(client);
  const attribute = attributes.find(({ name }) => SchemaAttributes.some(({ Name }) => Name === name) && !mayWrite(name))?.name;
  if (attribute !== undefined) throw refusal('AttributeNotWritable', { attribute });
}
