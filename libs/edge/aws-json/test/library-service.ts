import { DomainError, epochMillis, type ClientId, type PoolId, type Sub } from '@rollcall/kernel';
import fc from 'fast-check';

import { dispatcher, opOf, type AuditEntry, type EdgeNeeds, type HttpAnswer, type JsonService, type Rejection, type ServiceFacts, type SigningKey } from '../src/index.js';
import { signed, signingKey, type Signing } from './signing.js';

/** A small service that lends books: enough of every kind of shape, and of every mode. */
export const facts: ServiceFacts = {
  service: 'library',
  targetPrefix: 'LibraryService',
  contentType: 'application/x-amz-json-1.1',
  readFrom: 'nowhere',
  operations: {
    LendBook: { signed: true, input: 'LendBookRequest', output: 'LendBookResponse', errors: ['InvalidParameterException', 'NotAuthorizedException'] },
    Browse: { signed: false, input: 'BrowseRequest', output: 'BrowseResponse', errors: ['InvalidParameterException', 'ResourceNotFoundException'] },
    MyBooks: { signed: false, input: 'MyBooksRequest', output: null, errors: ['NotAuthorizedException'] },
    Continue: { signed: false, input: 'ContinueRequest', output: 'EmptyResponse', errors: ['NotAuthorizedException'] },
    BurnBook: { signed: true, input: 'BrowseRequest', output: null, errors: [] },
  },
  shapes: {
    LendBookRequest: {
      type: 'structure',
      required: ['UserPoolId'],
      members: {
        UserPoolId: 'PoolId', Title: 'Title', Copies: 'Copies', Kind: 'Kind', Tags: 'Tags', Notes: 'Notes', Keywords: 'Keywords', Lists: 'Readers',
        Urgent: 'Flag', Cover: 'Blob', Due: 'Date', Secret: 'Secret', Extra: 'Document', Total: 'Long', Hidden: 'HiddenReader',
      },
    },
    LendBookResponse: { type: 'structure', members: { Title: 'Title', Due: 'Date', Cover: 'Blob', Extra: 'Document', Tags: 'Tags', Lists: 'Readers' } },
    BrowseRequest: { type: 'structure', required: ['ClientId'], members: { ClientId: 'ClientId', Username: 'Secret', ClientMetadata: 'Tags' } },
    BrowseResponse: { type: 'structure', members: { Title: 'Title' } },
    MyBooksRequest: { type: 'structure', required: ['AccessToken'], members: { AccessToken: 'Secret' } },
    ContinueRequest: { type: 'structure', members: { AccessToken: 'Secret', Session: 'Secret' } },
    EmptyResponse: { type: 'structure', members: {} },
    PoolId: { type: 'string', min: 1, max: 55, pattern: '[\\w-]+_[0-9a-zA-Z]+' },
    ClientId: { type: 'string', min: 1, max: 128, pattern: '[\\w+]+', sensitive: true },
    Title: { type: 'string', min: 2, max: 10 },
    Secret: { type: 'string', min: 3, max: 20, pattern: '[\\S]+', sensitive: true },
    Copies: { type: 'integer', min: 1, max: 60 },
    Long: { type: 'long' },
    Kind: { type: 'string', enum: ['NOVEL', 'POEM'] },
    Flag: { type: 'boolean' },
    Blob: { type: 'blob', max: 8 },
    Date: { type: 'timestamp' },
    Document: { type: 'structure', members: {} },
    Tags: { type: 'map', from: 'Key', to: 'Title', max: 2 },
    Key: { type: 'string', min: 1, max: 5 },
    Notes: { type: 'list', of: 'Secret' },
    Keywords: { type: 'list', of: 'Kind', min: 1, max: 3 },
    Readers: { type: 'list', of: 'Reader' },
    Reader: { type: 'structure', required: ['Name'], members: { Name: 'Title' } },
    HiddenReader: { type: 'structure', sensitive: true, members: { Name: 'Title' } },
    NotAuthorizedException: { type: 'structure', members: {}, error: 'client' },
    InternalErrorException: { type: 'structure', members: {}, error: 'server' },
  },
};

export interface Operations extends Record<string, { readonly input: unknown; readonly output: unknown }> {
  readonly LendBook: { readonly input: { readonly UserPoolId: string; readonly Title?: string }; readonly output: object };
  readonly Browse: { readonly input: { readonly ClientId: string; readonly Username?: string }; readonly output: object };
  readonly MyBooks: { readonly input: { readonly AccessToken: string }; readonly output: object };
  readonly Continue: { readonly input: { readonly AccessToken?: string; readonly Session?: string }; readonly output: object };
}

/** What rows do: the test decides. */
export interface Shelf {
  take(input: unknown, call: unknown): Promise<object>;
}

const op = opOf<Operations, Shelf>();
export const rows = {
  LendBook: op<'LendBook'>('sigv4', (input, shelf, call) => shelf.take(input, call)),
  Browse: op<'Browse'>('public', (input, shelf, call) => shelf.take(input, call)),
  MyBooks: op<'MyBooks'>('token', (input, shelf, call) => shelf.take(input, call)),
  Continue: op<'Continue'>('token-or-session', (input, shelf, call) => shelf.take(input, call)),
};

const errors: Readonly<Record<string, string>> = { PoolNotFound: 'ResourceNotFoundException', ClientNotFound: 'ResourceNotFoundException', AccessTokenInvalid: 'NotAuthorizedException', AccessTokenRevoked: 'NotAuthorizedException', Unavailable: 'InternalErrorException' };

export const service: JsonService<Shelf> = {
  facts,
  rows,
  unsignedToo: new Set(),
  constraintException: 'InvalidParameterException',
  nowhere: new Set(['PoolNotFound', 'ClientNotFound']),
  placeOf: ({ UserPoolId, ClientId, Username, ClientMetadata }) =>
    ({ poolId: UserPoolId as string, clientId: ClientId as string, name: Username as string, clientMetadata: ClientMetadata as Record<string, string> }),
  errorOf: ({ code, details }) => (errors[code] ? { type: errors[code], message: `${code} ${JSON.stringify(details)}` } : undefined),
  nearest: (type, listed) => (listed.includes(type) || type === 'InternalErrorException' ? type : 'InvalidParameterException'),
};

export const now = epochMillis(Date.UTC(2026, 10, 24, 12, 0, 0));
export const principal = { poolId: 'us-east-1_Books' as PoolId, clientId: 'reader' as ClientId, sub: '7d1c8b1e-0000-4000-8000-000000000001' as Sub, username: 'ada', scopes: [] };
export const key: SigningKey = { key: signingKey(), principal: { accountId: '123456789012', kind: 'administrator', operations: [], pools: [] } };

/** The service with everything it needs, and what it did to it. */
export function library(given: Partial<EdgeNeeds<Shelf>> & { readonly take?: Shelf['take'] } = {}) {
  const taken: { readonly input: unknown; readonly call: Record<string, unknown> }[] = [];
  const records: AuditEntry[] = [];
  const rejected: [string | undefined, Rejection][] = [];
  const logged: Readonly<Record<string, string | number>>[] = [];
  const needs: EdgeNeeds<Shelf> = {
    ports: {
      async take(input, call) {
        taken.push({ input, call: call as Record<string, unknown> });
        return given.take ? given.take(input, call) : {};
      },
    },
    signingKeyOf: async ({ accessKeyId }) => (accessKeyId === 'AKIDEXAMPLE' ? key : undefined),
    async checkToken(token) {
      if (token === 'good-token') return principal;
      throw new DomainError(token === 'revoked-token' ? 'AccessTokenRevoked' : 'AccessTokenInvalid', token === 'revoked-token' ? { poolId: principal.poolId, sub: principal.sub } : {});
    },
    audit: {
      open: () => true,
      async record(entry) { records.push(entry); },
      countRejected: (source, reason) => rejected.push([source, reason]),
    },
    log: { error: (entry) => logged.push(entry) },
    clock: { now: () => now },
    accountId: '123456789012',
    ...given,
  };
  const { dispatch } = dispatcher(service, needs);
  const send = (operation: string, body: unknown, how: Signing = {}): Promise<HttpAnswer> =>
    dispatch(signed(`LibraryService.${operation}`, typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body), how));
  return { needs, dispatch, send, taken, records, rejected, logged };
}

/** What a client reads of an answer. */
export const read = ({ status, body }: HttpAnswer): [number, unknown] => [status, JSON.parse(body)];

export const anyJson = fc.jsonValue({ maxDepth: 6 });
