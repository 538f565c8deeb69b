import { op, type Rows } from '../ports.js';
import { authStepOut } from '../translation/auth-step.js';

const parameters = (given: Readonly<Record<string, string>> | undefined): Record<string, string> => ({ ...given });

export const signInRows = {
  InitiateAuth: op<'InitiateAuth'>('public', async (input, { authentication }, call) => authStepOut(await authentication.initiateAuth({
    clientId: input.ClientId,
    adminPoolId: undefined,
    flow: input.AuthFlow,
    parameters: parameters(input.AuthParameters),
    session: input.Session,
    wantsProof: false,
  }, call))),

  RespondToAuthChallenge: op<'RespondToAuthChallenge'>('public', async (input, { authentication }, call) =>
    authStepOut(await authentication.respondToChallenge({
      clientId: input.ClientId,
      adminPoolId: undefined,
      challenge: input.ChallengeName,
      session: input.Session,
      responses: parameters(input.ChallengeResponses),
    }, call))),

  AdminInitiateAuth: op<'AdminInitiateAuth'>('sigv4', async (input, { authentication }, call) => authStepOut(await authentication.initiateAuth({
    clientId: input.ClientId,
    adminPoolId: input.UserPoolId,
    flow: input.AuthFlow,
    parameters: parameters(input.AuthParameters),
    session: input.Session,
    wantsProof: false,
  }, call))),

  AdminRespondToAuthChallenge: op<'AdminRespondToAuthChallenge'>('sigv4', async (input, { authentication }, call) =>
    authStepOut(await authentication.respondToChallenge({
      clientId: input.ClientId,
      adminPoolId: input.UserPoolId,
      challenge: input.ChallengeName,
      session: input.Session,
      responses: parameters(input.ChallengeResponses),
    }, call))),
} satisfies Rows;
