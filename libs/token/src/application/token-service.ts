import type { TokenPort } from '@rollcall/contracts';

import { signingKey, type SigningKeyNeeds } from './access-keys.js';
import { check, type CheckNeeds } from './check.js';
import { issue, type IssueNeeds } from './issue.js';
import { publicKeys, type PublicKeysNeeds } from './public-keys.js';
import { refresh, type RefreshNeeds } from './refresh.js';
import { revoke, type RevokeNeeds } from './revoke.js';

export type TokenNeeds = IssueNeeds & RefreshNeeds & RevokeNeeds & CheckNeeds & PublicKeysNeeds & SigningKeyNeeds;

/** Signing keys, tokens, refresh families, revocation, and the access keys of administrators. */
export const tokenService = (needs: TokenNeeds): TokenPort => ({
  issue: issue(needs),
  refresh: refresh(needs),
  revoke: revoke(needs),
  check: check(needs),
  publicKeys: publicKeys(needs),
  signingKey: signingKey(needs),
});
