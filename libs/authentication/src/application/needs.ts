import type { DirectoryPort, NotificationPort, RiskPort, TokenPort, TriggerPort } from '@rollcall/contracts';
import type { RequestIds, ServiceKeys, Transactions, Vault } from '@rollcall/eventing';
import type { Clock } from '@rollcall/kernel';

import type { Budgets } from './budgets.js';
import type { CodeRequests } from './code-requests.js';
import type { CredentialReviews } from './credential-reviews.js';
import type { Lockouts } from './lockouts.js';
import type { Passwords } from './passwords.js';
import type { SealedTexts } from './sealed-texts.js';
import type { Sendings } from './sendings.js';
import type { SingleUse } from './single-use.js';

/** All that the service is made of; each handler names the part that it uses. */
export interface AuthenticationNeeds {
  readonly directory: DirectoryPort;
  readonly token: TokenPort;
  readonly notification: NotificationPort;
  readonly trigger: TriggerPort;
  readonly risk: RiskPort;

  readonly vault: Vault;
  readonly keys: ServiceKeys;
  readonly ids: RequestIds;
  readonly transactions: Pick<Transactions, 'transaction'>;
  readonly clock: Clock;

  readonly passwords: Passwords;
  readonly sealedTexts: SealedTexts;
  readonly lockouts: Lockouts;
  readonly singleUse: SingleUse;
  readonly budgets: Budgets;
  readonly codeRequests: CodeRequests;
  readonly sendings: Sendings;
  readonly credentialReviews: CredentialReviews;
  /** Tells the worker that there may be something to send. */
  readonly wakeSender: () => void;
}
