import { createHmac } from 'node:crypto';

import { refusal, type AuditPort } from '@rollcall/contracts';
import { KeyDestroyed, type Sealing, type ServiceKeys } from '@rollcall/eventing';

import type { AuditRecord, SealedRecord, Trail } from './trail.js';

export interface AuditNeeds {
  readonly trail: Trail;
  readonly sealing: Sealing;
  readonly keys: Pick<ServiceKeys, 'serviceKey'>;
}

/** Records of calls that name no pool are sealed under this one's days. */
const NO_POOL = 'none';
const TAIL_LIMIT = 1_000;
const IDS_LIMIT = 10_000;
const USER_AGENT_LENGTH = 512;
/** UTF-16 units of the longest name there is; more of a text that is no name tells nothing, and could take seconds to normalize. */
const NAME_LENGTH = 256;

/** Whose key seals a record's device data: the person's, or where nobody is known that of the pool and day. */
const sealedForOf = (record: Pick<AuditRecord, 'sub' | 'at'>): string => record.sub ?? `day-${new Date(record.at).toISOString().slice(0, 10)}`;

/** The audit trail behind its port. */
export function auditService({ trail, sealing, keys }: AuditNeeds): AuditPort {
  const seal = async ({ source, userAgent, typedName, ...given }: AuditRecord): Promise<SealedRecord> => {
    const record = typedName === undefined ? given : { ...given, nameHash: await nameHash(given.poolId, typedName) };
    const sealedFor = sealedForOf(record);
    // The answer waits for the record: a name that means nobody must not make it come sooner than one that means somebody.
    if (record.nameHash !== undefined && record.sub === undefined) await sealing.pretend({ poolId: record.poolId ?? NO_POOL, sub: record.nameHash });
    if (source === undefined && userAgent === undefined) return { record, sealed: undefined, sealedFor };
    const plain = Buffer.from(JSON.stringify({ source, userAgent: userAgent?.slice(0, USER_AGENT_LENGTH) }));
    const subject = { poolId: record.poolId ?? NO_POOL, sub: sealedFor };
    const sealed = await sealing.sealFor(subject, `audit/${record.recordId}`, plain).catch((error: unknown) => {
      // Erased meanwhile, by this very call perhaps: the record counts, the device is nobody's to know any more.
      if (error instanceof KeyDestroyed) return undefined;
      throw error;
    });
    return { record, sealed, sealedFor };
  };

  /** Equal names of a pool have equal hashes, so that attempts on one name can be counted; nobody without the key can try names. */
  const nameHash = async (poolId: string | undefined, name: string): Promise<string> =>
    createHmac('sha256', await keys.serviceKey('typed-name')).update(JSON.stringify([poolId ?? NO_POOL, name.slice(0, NAME_LENGTH).normalize('NFC')])).digest('hex');

  const open = async ({ record, sealed, sealedFor }: SealedRecord): Promise<AuditRecord> => {
    if (!sealed) return { ...record };
    const plain = await sealing.openFor({ poolId: record.poolId ?? NO_POOL, sub: sealedFor }, `audit/${record.recordId}`, sealed);
    return plain ? { ...record, ...(JSON.parse(plain.toString()) as Pick<AuditRecord, 'source' | 'userAgent'>) } : { ...record };
  };

  return {
    async record(record) {
      await trail.insert(await seal(record));
      return {};
    },

    async missing({ correlationIds }) {
      if (correlationIds.length > IDS_LIMIT) throw refusal('InvalidParameter', { reason: `at most ${IDS_LIMIT} correlation ids` });
      return { correlationIds: [...(await trail.missing(correlationIds))] };
    },

    async tail({ after, limit, poolId, newest }) {
      if (newest && after !== undefined) throw refusal('InvalidParameter', { reason: 'either after a position or the newest' });
      const { records, next } = await trail.tail({ after, limit: Math.min(Math.max(1, limit), TAIL_LIMIT), poolId, newest });
      return { records: await Promise.all(records.map(open)), next };
    },

    async probe() {
      await trail.probe();
      return {};
    },

    async countRejected({ source, reason }) {
      const key = await keys.serviceKey('rejected-source');
      await trail.countRejected(createHmac('sha256', key).update(source).digest('hex').slice(0, 32), reason);
      return {};
    },
  };
}
