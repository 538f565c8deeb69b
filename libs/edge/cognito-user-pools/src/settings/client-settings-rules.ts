import type { CreateUserPoolClientRequest } from '../gen/shapes.js';
import { demandNone, refusalsOf, type Refusal, type Rule, type Rulings } from './ruling.js';

/** What becomes of each member of CreateUserPoolClient. */
export const clientRulings: Rulings<CreateUserPoolClientRequest> = {
  UserPoolId: 'acts',
  ClientName: 'acts',
  GenerateSecret: 'acts',
  ClientSecret: 'acts',
  RefreshTokenValidity: 'acts',
  AccessTokenValidity: 'acts',
  IdTokenValidity: 'acts',
  TokenValidityUnits: 'acts',
  ReadAttributes: 'acts',
  WriteAttributes: 'acts',
  ExplicitAuthFlows: 'acts', // a flow that is not offered is refused where it is used
  SupportedIdentityProviders: 'stored', // shows or hides buttons of pages; never closes the API
  // Inert until there are OAuth endpoints: they open doors, they close none.
  CallbackURLs: 'stored',
  LogoutURLs: 'stored',
  DefaultRedirectURI: 'stored',
  AllowedOAuthFlows: 'stored',
  AllowedOAuthScopes: 'stored',
  AllowedOAuthFlowsUserPoolClient: 'stored',
  AnalyticsConfiguration: 'stored',
  PreventUserExistenceErrors: 'acts',
  EnableTokenRevocation: 'acts',
  EnablePropagateAdditionalUserContextData: 'stored', // no risk is scored yet
  AuthSessionValidity: 'acts',
  RefreshTokenRotation: 'acts',
};

/** Scopes that exist without a resource server; there are none of those yet. */
const ownScopes = new Set(['phone', 'email', 'openid', 'profile', 'aws.cognito.signin.user.admin']);
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

const oauthFlow = (reason: string): Refusal => ({ type: 'InvalidOAuthFlowException', reason });

/** Why a redirect may not go there, or `undefined`. Texts are the caller's own: they name no user. */
function brokenRedirect(uri: string): string | undefined {
  const url = URL.parse(uri);
  if (!url) return `${uri} is not a valid URL.`;
  if (uri.includes('#')) return `${uri} must not have a fragment.`;
  if (url.username !== '' || url.password !== '') return `${uri} must not hold credentials.`;
  if (url.protocol === 'http:' && !loopback.has(url.hostname)) return `${uri} cannot use the HTTP protocol.`;
  // Pages that run in place of being gone to.
  if (['javascript:', 'data:', 'vbscript:', 'blob:', 'file:'].includes(url.protocol)) return `${uri} cannot use the protocol ${url.protocol.slice(0, -1)}.`;
  return undefined;
}

/** Settings of a client that go together or not. Lifetimes, flows, secrets and attributes are rules of the directory. */
export const clientRules: readonly Rule<CreateUserPoolClientRequest>[] = [
  ({ AllowedOAuthFlowsUserPoolClient, AllowedOAuthFlows = [], AllowedOAuthScopes = [] }) =>
    AllowedOAuthFlowsUserPoolClient && (AllowedOAuthFlows.length === 0 || AllowedOAuthScopes.length === 0)
      ? { reason: 'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.' }
      : undefined,

  ({ AllowedOAuthFlows = [], GenerateSecret, ClientSecret }) => {
    if (!AllowedOAuthFlows.includes('client_credentials')) return undefined;
    if (new Set(AllowedOAuthFlows).size > 1) return oauthFlow('client_credentials flow can not be selected along with code flow or implicit flow.');
    return GenerateSecret || ClientSecret !== undefined ? undefined : oauthFlow('client_credentials flow can not be selected if client does not have a client secret.');
  },

  ({ AllowedOAuthFlows = [], CallbackURLs = [] }) =>
    CallbackURLs.length === 0 && AllowedOAuthFlows.some((flow) => flow !== 'client_credentials')
      ? oauthFlow('CallbackUrls can not be empty when code flow or implicit flow is selected')
      : undefined,

  ({ AllowedOAuthScopes = [] }) => {
    const unknown = AllowedOAuthScopes.find((scope) => !ownScopes.has(scope));
    return unknown === undefined ? undefined : { type: 'ScopeDoesNotExistException', reason: `Invalid scope requested: ${unknown}` };
  },

  ({ CallbackURLs = [], LogoutURLs = [] }) => {
    const [reason] = [...CallbackURLs, ...LogoutURLs].flatMap((uri) => brokenRedirect(uri) ?? []);
    return reason === undefined ? undefined : { reason };
  },

  ({ DefaultRedirectURI, CallbackURLs = [] }) => DefaultRedirectURI === undefined || CallbackURLs.includes(DefaultRedirectURI)
    ? undefined
    : { reason: 'DefaultRedirectURI must be one of CallbackURLs.' },

  // No operation that makes a provider is offered, so no other than the pool itself exists.
  ({ SupportedIdentityProviders = [], UserPoolId }) => {
    const unknown = SupportedIdentityProviders.find((provider) => provider !== 'COGNITO');
    return unknown === undefined ? undefined : { reason: `The provider ${unknown} does not exist for User Pool ${UserPoolId}.` };
  },
];

export const judgeClientInput = (input: CreateUserPoolClientRequest): readonly Refusal[] => refusalsOf(clientRulings, clientRules, input);

/** @throws {AwsException} for the first setting that is refused */
export const demandClientSettings = (input: CreateUserPoolClientRequest): void => demandNone(judgeClientInput(input));
