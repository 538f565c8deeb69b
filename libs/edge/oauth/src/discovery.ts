/** Where a pool's documents are served: `<public URL>/<poolId>`. */
export type PoolUrl = (poolId: string) => string;

/**
 * What a verifier of a pool's tokens has to know (OpenID Connect Discovery 1.0, section 3). Only what is served is named:
 * Cognito lists the endpoints of its sign-in pages here, which a client would call. Without them no response type can be
 * asked for, but the list is a required member.
 */
export const openIdConfiguration = (poolId: string, { issuer, poolUrl }: { readonly issuer: (poolId: string) => string; readonly poolUrl: PoolUrl }) => ({
  issuer: issuer(poolId),
  jwks_uri: `${poolUrl(poolId)}/.well-known/jwks.json`,
  response_types_supported: [],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: ['aws.cognito.signin.user.admin'],
});
