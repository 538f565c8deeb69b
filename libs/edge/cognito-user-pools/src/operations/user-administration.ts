import { op, type Rows } from '../ports.js';
import { attributesIn, attributesOut, mapIn } from '../translation/attributes.js';
import { filterIn } from '../translation/filter.js';
import { userFacts, userOut } from '../translation/user.js';

const LIST_LIMIT = 60;

export const userAdministrationRows = {
  AdminCreateUser: op<'AdminCreateUser'>('sigv4', async (input, { authentication }, call) => {
    const user = await authentication.adminCreateUser({
      poolId: input.UserPoolId,
      username: input.Username,
      attributes: attributesIn(input.UserAttributes),
      temporaryPassword: input.TemporaryPassword,
      messageAction: input.MessageAction,
      deliveryMediums: [...(input.DesiredDeliveryMediums ?? [])],
      forceAliasCreation: input.ForceAliasCreation === true,
      validationData: mapIn(input.ValidationData),
    }, call);
    return { User: userOut(user) };
  }),

  AdminConfirmSignUp: op<'AdminConfirmSignUp'>('sigv4', async ({ UserPoolId, Username }, { authentication }, call) => {
    await authentication.adminConfirmSignUp({ poolId: UserPoolId, username: Username }, call);
    return {};
  }),

  AdminGetUser: op<'AdminGetUser'>('sigv4', async ({ UserPoolId, Username }, { directory }, call) => {
    const user = await directory.getUser({ poolId: UserPoolId, by: { $case: 'name', value: Username } }, call);
    return { ...userFacts(user), UserAttributes: attributesOut(user) };
  }),

  AdminSetUserPassword: op<'AdminSetUserPassword'>('sigv4', async (input, { authentication }, call) => {
    await authentication.adminSetUserPassword(
      { poolId: input.UserPoolId, username: input.Username, password: input.Password, permanent: input.Permanent === true }, call);
    return {};
  }),

  AdminDeleteUser: op<'AdminDeleteUser'>('sigv4', async ({ UserPoolId, Username }, { directory }, call) => {
    await directory.deleteUser({ poolId: UserPoolId, by: { $case: 'name', value: Username } }, call);
    return {};
  }),

  ListUsers: op<'ListUsers'>('sigv4', async (input, { directory }, call) => {
    const { UserPoolId, Limit, PaginationToken, Filter, AttributesToGet } = input;
    const { users, next } = await directory.listUsers(
      { poolId: UserPoolId, limit: Limit || LIST_LIMIT, next: PaginationToken, filter: filterIn(Filter) }, call);
    const wanted = AttributesToGet ? new Set(AttributesToGet) : undefined;
    return {
      Users: users.map((user) => userOut(user, wanted && ((name) => wanted.has(name)))),
      ...(next === undefined ? {} : { PaginationToken: next }),
    };
  }),
} satisfies Rows;
