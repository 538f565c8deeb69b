import { randomBytes } from 'node:crypto';

import { refusal } from '@rollcall/contracts';
import { epochSeconds, secondsOf, type Clock, type EpochSeconds, type Json } from '@rollcall/kernel';

import type { SignInUnderWay } from '../domain/sign-in.js';
import type { ClientContext } from './client-context.js';
import type { Whom } from './keyed-hash.js';
import type { SealedTexts, SealPurpose } from './sealed-texts.js';

/** What one step of a sign-in hands to the next: sealed into a Session or SECRET_BLOCK, kept nowhere else. */
export interface Carried {
  /** Single use. */
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly whom: Whom;
  /** What was proved, or is to be: of the fold that began the sign-in, never of a later one. */
  readonly credentialId: string | undefined;
  readonly sessionGeneration: number;
  readonly signIn: SignInUnderWay;
  readonly wantsProof: boolean;
  /** Correlation id of the call that began the sign-in. */
  readonly begunBy: string;
  readonly expiresAt: EpochSeconds;
  /** Session alone: the name in which it is answered. */
  readonly username?: string;
  /** SECRET_BLOCK alone: the server's half of SRP, base64. */
  readonly srp?: string;
}

/** Short names: a Session holds at most 2,048 characters. */
interface Sealed {
  readonly i: string;
  readonly p: string;
  readonly c: string;
  readonly s?: string;
  readonly n?: string;
  readonly k?: string;
  readonly g: number;
  readonly f: SignInUnderWay;
  readonly o: 0 | 1;
  readonly b: string;
  readonly x: number;
  readonly u?: string;
  readonly r?: string;
}

/** What stays the same over all steps of a sign-in. */
export type Constant = Omit<Carried, 'id' | 'expiresAt' | 'username' | 'srp'>;

export const newUseId = (): string => randomBytes(16).toString('base64url');

export function sealCarried(texts: SealedTexts, purpose: SealPurpose, carried: Carried): Promise<string> {
  const { id, poolId, clientId, whom, credentialId, sessionGeneration, signIn, wantsProof, begunBy, expiresAt, username, srp } = carried;
  const sealed: Sealed = {
    i: id, p: poolId, c: clientId, ...('sub' in whom ? { s: whom.sub } : { n: whom.name }), ...(credentialId === undefined ? {} : { k: credentialId }),
    g: sessionGeneration, f: signIn, o: wantsProof ? 1 : 0, b: begunBy, x: expiresAt, ...(username === undefined ? {} : { u: username }), ...(srp === undefined ? {} : { r: srp }),
  };
  return texts.seal(purpose, (purpose === 'secret-block' ? padded(sealed) : sealed) as unknown as Json);
}

/** Of a SECRET_BLOCK before it is sealed; a name takes up to 512. */
const SECRET_BLOCK_BYTES = 1_400;

/** Everybody gets a SECRET_BLOCK, and its length must not tell whether the name means somebody, nor how long it is (K1). */
function padded(sealed: Sealed): Sealed & { readonly z: string } {
  const bytes = Buffer.byteLength(JSON.stringify({ ...sealed, z: '' }));
  return { ...sealed, z: ' '.repeat(Math.max(0, SECRET_BLOCK_BYTES - bytes)) };
}

/**
 * @throws {DomainError} `SessionInvalid` for a text that is not ours, or of another pool or client; `SessionExpired`
 */
export async function openCarried(
  { sealedTexts, clock }: { readonly sealedTexts: SealedTexts; readonly clock: Clock },
  purpose: SealPurpose,
  text: string,
  { poolId, clientId }: Pick<ClientContext, 'poolId' | 'clientId'>,
): Promise<Carried> {
  const opened = (await sealedTexts.open(purpose, text)) as Sealed | undefined;
  if (opened === undefined || opened.p !== poolId || opened.c !== clientId) throw refusal('SessionInvalid');
  if (opened.x <= secondsOf(clock.now())) throw refusal('SessionExpired');
  return {
    id: opened.i, poolId, clientId, whom: opened.s === undefined ? { name: opened.n ?? '' } : { sub: opened.s }, credentialId: opened.k,
    sessionGeneration: opened.g, signIn: opened.f, wantsProof: opened.o === 1, begunBy: opened.b, expiresAt: epochSeconds(opened.x),
    ...(opened.u === undefined ? {} : { username: opened.u }), ...(opened.r === undefined ? {} : { srp: opened.r }),
  };
}
