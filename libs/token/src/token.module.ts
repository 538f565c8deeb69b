import { Module, type DynamicModule } from '@nestjs/common';
import { TokenService, type DirectoryPort } from '@rollcall/contracts';
import type { Erasure, EventStore, Log, RequestIds, ServiceKeys, Time, Vault } from '@rollcall/eventing';
import { constantTimeEqual, type CryptoPort } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';
import { loopbackPort } from '@rollcall/platform-rpc';

import { generateCredentials, signatureV4DayKey } from './adapters/access-key-material.js';
import { familyEffects } from './adapters/family-effects.js';
import { postgresAccessKeys } from './adapters/postgres-access-keys.js';
import { postgresFamilies } from './adapters/postgres-families.js';
import { postgresKeyReserve } from './adapters/postgres-key-reserve.js';
import { refreshTokens } from './adapters/refresh-tokens.js';
import { vaultSigner } from './adapters/vault-signer.js';
import { bootstrapAdminKey, type Credentials } from './application/access-keys.js';
import { keySupply } from './application/key-supply.js';
import { keyPlace, poolKeys } from './application/pool-keys.js';
import { tokenConsumer } from './application/tidying.js';
import { tokenService, type TokenNeeds } from './application/token-service.js';
import { startUpkeep } from './application/upkeep.js';

export const TOKEN_PORT = Symbol('TokenPort');

/** The token service as a binding of its port. */
@Module({})
export class TokenModule {
  static local(needs: TokenNeeds): DynamicModule {
    const provider = { provide: TOKEN_PORT, useFactory: () => loopbackPort(TokenService, tokenService(needs)) };
    return { module: TokenModule, providers: [provider], exports: [TOKEN_PORT] };
  }
}

export interface TokenPartsNeeds {
  readonly db: Database;
  /** The service's own store, of the schema `token`. */
  readonly store: { readonly events: EventStore; readonly keys: ServiceKeys; readonly vault: Vault; readonly erasure: Erasure };
  readonly ids: RequestIds;
  readonly directory: Pick<DirectoryPort, 'getUser' | 'clientContext' | 'poolContext'>;
  readonly crypto: Pick<CryptoPort, 'signRs256' | 'generateRsaKeyPair'>;
  /** `iss` of a pool's tokens. */
  readonly issuer: (poolId: string) => string;
  readonly accountId: string;
  readonly time: Time;
  readonly log: Log;
  /** Signing keys to keep in reserve. */
  readonly reserveSize?: number;
}

/** The service with what it does besides answering, wired to PostgreSQL; whoever composes a process starts the rest. */
export function tokenParts({ db, store, ids, directory, crypto, issuer, accountId, time, log, reserveSize = 8 }: TokenPartsNeeds) {
  const { events, keys: serviceKeys, vault, erasure } = store;
  const families = postgresFamilies({ db });
  const accessKeys = postgresAccessKeys({ db, serviceKeys });
  const supply = keySupply({ reserve: postgresKeyReserve({ db, serviceKeys }), generate: () => crypto.generateRsaKeyPair(), time, log, size: reserveSize });
  const keys = poolKeys({ store: events, ids, vault, clock: time, supply });
  const signer = vaultSigner({ vault, crypto, place: keyPlace });
  const needs: TokenNeeds = {
    store: events, ids, clock: time, directory, issuer, accountId, families, keys, signer, accessKeys,
    refreshTokens: refreshTokens({ serviceKeys }),
    secretsEqual: constantTimeEqual,
    dayKey: signatureV4DayKey,
  };
  return {
    /** For `TokenModule.local`, or `tokenService`. */
    needs,
    /** Of directory's events. */
    consumer: tokenConsumer({ families, vault, erasure, keys, signer, log }),
    /** Refresh tokens given out, for the audit's sweep. */
    effects: familyEffects({ db }),
    /** Start it after listening. */
    startUpkeep: () => startUpkeep({ ...needs, supply, time, log }),
    /** At each start, before listening. @param keepGenerated e.g. `adminCredentialsFile(path)`; not called where a key is set */
    bootstrapAdminKey: (set: Credentials | undefined, keepGenerated: (credentials: Credentials) => Promise<void>) =>
      bootstrapAdminKey({ accessKeys, generate: generateCredentials }, set, keepGenerated),
  };
}
