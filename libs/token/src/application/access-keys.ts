import type { TokenPort } from '@rollcall/contracts';

/** An access key as AWS clients hold it. */
export interface Credentials {
  readonly accessKeyId: string;
  /** Signs requests. Secret. */
  readonly secretAccessKey: string;
}

/** Access keys of administrators: sealed rows under the service's own key, as they belong to no pool. */
export interface AccessKeys {
  secretOf(accessKeyId: string): Promise<string | undefined>;
  /**
   * Makes these the installation's first administrator's, of whom there is one: a generated key gives way to one that
   * was set, one that was set to any other, and a generated one stays where another is generated.
   * @returns the key that counts now
   */
  bootstrap(candidate: Credentials, origin: 'settings' | 'generated'): Promise<Credentials>;
}

export interface SigningKeyNeeds {
  readonly accessKeys: Pick<AccessKeys, 'secretOf'>;
  /** The day's key of Signature Version 4: HMACs over date, region, service and `aws4_request`, in this order. */
  readonly dayKey: (secret: string, date: string, region: string, service: string) => Buffer;
  readonly accountId: string;
}

/** The secret itself never leaves the service. An unknown key is an answer, so that the edge does the same work for it. */
export const signingKey = ({ accessKeys, dayKey, accountId }: SigningKeyNeeds): TokenPort['signingKey'] =>
  async ({ accessKeyId, sessionToken, date, region, service }) => {
    if (sessionToken !== undefined) return {}; // temporary credentials are not given out, so there is none to know
    const secret = await accessKeys.secretOf(accessKeyId);
    if (secret === undefined) return {};
    return { principal: { dayKey: dayKey(secret, date, region, service), accountId, kind: 'administrator', operations: [], pools: [] } };
  };

export interface BootstrapNeeds {
  readonly accessKeys: Pick<AccessKeys, 'bootstrap'>;
  readonly generate: () => Credentials;
}

/**
 * Sees to it that the first administrator has an access key: the one of the settings, or one that is generated once and
 * handed to `keepGenerated` at every start, so that a file that was lost comes again.
 */
export async function bootstrapAdminKey(
  { accessKeys, generate }: BootstrapNeeds,
  set: Credentials | undefined,
  keepGenerated: (credentials: Credentials) => Promise<void>,
): Promise<void> {
  if (set) {
    await accessKeys.bootstrap(set, 'settings');
    return;
  }
  await keepGenerated(await accessKeys.bootstrap(generate(), 'generated'));
}

