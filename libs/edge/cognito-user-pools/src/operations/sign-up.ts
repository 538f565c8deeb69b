import { op, type Rows } from '../ports.js';
import { attributesIn, mapIn } from '../translation/attributes.js';
import { deliveryOut } from '../translation/delivery.js';

export const signUpRows = {
  SignUp: op<'SignUp'>('public', async (input, { authentication }, call) => {
    const { sub, confirmed, delivery, session } = await authentication.signUp({
      clientId: input.ClientId,
      secretHash: input.SecretHash,
      username: input.Username,
      password: input.Password,
      attributes: attributesIn(input.UserAttributes),
      validationData: mapIn(input.ValidationData),
    }, call);
    return {
      UserConfirmed: confirmed,
      UserSub: sub,
      ...(delivery ? { CodeDeliveryDetails: deliveryOut(delivery) } : {}),
      ...(session === undefined ? {} : { Session: session }),
    };
  }),

  ConfirmSignUp: op<'ConfirmSignUp'>('public', async (input, { authentication }, call) => {
    const { session } = await authentication.confirmSignUp({
      clientId: input.ClientId,
      secretHash: input.SecretHash,
      username: input.Username,
      code: input.ConfirmationCode,
      forceAliasCreation: input.ForceAliasCreation === true,
      session: input.Session,
    }, call);
    return session === undefined ? {} : { Session: session };
  }),

  ResendConfirmationCode: op<'ResendConfirmationCode'>('public', async (input, { authentication }, call) => {
    const delivery = await authentication.resendConfirmationCode(
      { clientId: input.ClientId, secretHash: input.SecretHash, username: input.Username }, call);
    return { CodeDeliveryDetails: deliveryOut(delivery) };
  }),
} satisfies Rows;
