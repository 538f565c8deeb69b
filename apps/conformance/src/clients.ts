import { createHmac } from 'node:crypto';

import { CognitoIdentityProvider, type CognitoIdentityProviderClientConfig } from '@aws-sdk/client-cognito-identity-provider';

import type { Rollcall } from './rollcall-process.js';

/** The region of printed examples, and of all pools that tests make without a reason for another. */
export const REGION = 'us-east-1';

/** The SDK as an administrator's script uses it. */
export const administrator = ({ endpoint, credentials }: Pick<Rollcall, 'endpoint' | 'credentials'>, config: CognitoIdentityProviderClientConfig = {}): CognitoIdentityProvider =>
  new CognitoIdentityProvider({ endpoint, region: REGION, credentials, ...config });

/** The SDK as an app uses it: without any credentials. */
export const app = ({ endpoint }: Pick<Rollcall, 'endpoint'>, config: CognitoIdentityProviderClientConfig = {}): CognitoIdentityProvider =>
  new CognitoIdentityProvider({ endpoint, region: REGION, ...config });

/** What an app whose client has a secret sends with a user's name. */
export const secretHash = (secret: string, username: string, clientId: string): string =>
  createHmac('sha256', secret).update(username + clientId).digest('base64');
