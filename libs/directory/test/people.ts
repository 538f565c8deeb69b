import { poolSettings } from '@rollcall/contracts';
import { canonicalJson, type CredentialId, type FamilyId } from '@rollcall/kernel';

import type { PoolPolicy } from '../src/domain/pool-policy.js';
import { userSignedUp, type AttributeList } from '../src/domain/user.events.js';
import { noon } from './given.js';

export const SUB = '5a8f2c0e-1111-4111-8111-111111111111';
export const OTHER = '5a8f2c0e-2222-4222-8222-222222222222';

export const credential = (n: number): CredentialId => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as CredentialId;
export const family = (n: number): FamilyId => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}` as FamilyId;

/** The rules of a pool that was made with these settings. */
export const policy = (settings: object = {}): PoolPolicy => poolSettings(canonicalJson({ PoolName: 'people', ...settings }));

/** Ada signed up by herself, with a password. */
export const ada = (attributes: AttributeList = [], more: { nameAttribute?: 'email' | 'phone_number'; username?: string } = {}) => {
  const { username = 'ada', ...data } = more;
  return userSignedUp({ credentialId: credential(1), ...data, at: noon }, { username, attributes });
};
