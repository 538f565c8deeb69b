import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import { CognitoIdentityProviderClient, type CognitoIdentityProviderClientConfig } from '@aws-sdk/client-cognito-identity-provider';
import { DomainError, epochMillis, type ClientId, type PoolId, type Sub } from '@rollcall/kernel';
import { awsJsonRoutes, dispatcher, signingKeysKept, type AuditEntry, type EdgeNeeds, type Rejection, type Row, type SigningKeyQuery, type SigningPrincipal } from '@rollcall/edge-aws-json';
import fastify from 'fastify';

import { userPoolsService, type Ports } from '../src/index.js';

export const credentials = { accessKeyId: 'AKIDHARNESS', secretAccessKey: 'harness-secret' };
export const administrator: SigningPrincipal = { accountId: '123456789012', kind: 'administrator', operations: [], pools: [] };

const hmac = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();
const keyOf = ({ day, region, service }: SigningKeyQuery) => hmac(hmac(hmac(hmac(`AWS4${credentials.secretAccessKey}`, day), region), service), 'aws4_request');

/** What a test may set; the rest is an edge that lets one administrator in and knows the access token `good-token`. */
export interface EdgeOptions {
  /** Rows in place of those that are offered. */
  readonly rows?: Readonly<Record<string, Row<Ports>>>;
  readonly ports?: Partial<Ports>;
  readonly needs?: Partial<EdgeNeeds<Ports>>;
  readonly sessionToken?: string;
}

/** The edge on a port of its own, and clients for it; everything that it recorded. */
export async function startEdge({ rows, ports = {}, needs: given = {}, sessionToken }: EdgeOptions = {}) {
  const records: AuditEntry[] = [];
  const rejected: [string | undefined, Rejection][] = [];
  const needs: EdgeNeeds<Ports> = {
    ports: { accountId: '123456789012', ...ports } as Ports,
    signingKeyOf: signingKeysKept(async (query) =>
      query.accessKeyId === credentials.accessKeyId && query.sessionToken === sessionToken ? { key: keyOf(query), principal: administrator } : undefined),
    async checkToken(token) {
      if (token !== 'good-token') throw new DomainError('AccessTokenInvalid');
      return { poolId: 'us-east-1_Harness00' as PoolId, clientId: 'client' as ClientId, sub: '7d1c8b1e-0000-4000-8000-000000000001' as Sub, username: 'ada', scopes: [] };
    },
    audit: {
      open: () => true,
      record: async (entry) => { records.push(entry); },
      countRejected: (source, reason) => { rejected.push([source, reason]); },
    },
    log: { error: () => undefined },
    clock: { now: () => epochMillis(Date.now()) },
    accountId: '123456789012',
    ...given,
  };
  const app = fastify();
  await app.register(awsJsonRoutes({ dispatchers: [dispatcher(rows ? { ...userPoolsService, rows } : userPoolsService, needs)], audit: needs.audit, clock: needs.clock }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const endpoint = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const client = (config: CognitoIdentityProviderClientConfig = {}) =>
    new CognitoIdentityProviderClient({ endpoint, region: 'us-east-1', credentials: { ...credentials, ...(sessionToken === undefined ? {} : { sessionToken }) }, ...config });
  return { endpoint, client, records, rejected, stop: () => app.close() };
}
