import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { amazonJsUser, type AmazonJsUser } from '../src/amazon-js.js';
import { attributes, codeIn, newClient, newDoor, newPool, openScene, PASSWORD, temporaryPasswordIn, type Scene } from '../src/scene.js';
import { refresh, type Door, type Tokens } from '../src/sign-in.js';

describe('amazon-cognito-identity-js', () => {
  let scene: Scene;
  let door: Door;
  const open: (() => Promise<unknown>)[] = [];
  const user = (name: string): AmazonJsUser => {
    const started = amazonJsUser({ endpoint: scene.rollcall.endpoint, ...door }, name);
    open.push(started.close);
    return started;
  };
  beforeAll(async () => {
    scene = await openScene();
    door = await newDoor(scene.admin, { AutoVerifiedAttributes: ['email'] });
  });
  afterEach(async () => { await Promise.all(open.splice(0).map((close) => close())); });
  afterAll(() => scene.close());

  it('signs up, confirms, signs in by SRP, reads the profile, refreshes and signs out everywhere', async () => {
    const ada = user('ada');
    expect(await ada.signUp(PASSWORD, { email: 'ada@example.com' })).toEqual({ sub: expect.any(String), confirmed: false });
    await ada.resendConfirmationCode();
    await expect(ada.signIn(PASSWORD)).rejects.toMatchObject({ name: 'UserNotConfirmedException', message: 'User is not confirmed.' });
    expect(await ada.confirmRegistration(codeIn(await scene.mail.mailTo('ada@example.com', 1)))).toBe('SUCCESS');

    await expect(ada.signIn('wrong')).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
    const tokens = await ada.signIn(PASSWORD) as Tokens;
    expect(await ada.getUserData()).toMatchObject({ Username: 'ada', UserAttributes: expect.arrayContaining([{ Name: 'email_verified', Value: 'true' }]) });
    const renewed = await ada.refreshSession();
    expect(renewed.refresh).toBe(tokens.refresh);
    expect(renewed.access).not.toBe(tokens.access);
    expect(await ada.globalSignOut()).toBe('SUCCESS');
    await expect(scene.app.getUser({ AccessToken: renewed.access })).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Access Token has been revoked' });
    await expect(refresh(scene.app, door, tokens.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
  });

  it('signs in with the password itself, and revokes its tokens when it signs out', async () => {
    const ada = user('ada');
    const tokens = await ada.signIn(PASSWORD, 'USER_PASSWORD_AUTH') as Tokens;
    await ada.signOut();
    await expect(scene.app.getUser({ AccessToken: tokens.access })).rejects.toMatchObject({ message: 'Access Token has been revoked' });
  });

  it.each(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] as const)('turns the temporary password of an invitation into an own one, by %s', async (flow) => {
    const [name, address] = [`invited-${flow.toLowerCase()}`, `${flow.toLowerCase()}@example.com`];
    await scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username: name, UserAttributes: attributes({ email: address }), DesiredDeliveryMediums: ['EMAIL'] });
    const invited = user(name);
    const step = await invited.signIn(temporaryPasswordIn(await scene.mail.mailTo(address)), flow);
    expect(step).toEqual({ newPasswordRequired: { userAttributes: expect.objectContaining({ email: address }), requiredAttributes: [] } });
    expect(await invited.completeNewPassword('Another-horse-8', {})).toHaveProperty('access');
    expect(await invited.signIn('Another-horse-8')).toHaveProperty('access');
  });

  it('gives what a pool requires together with the new password', async () => {
    const poolId = await newPool(scene.admin, { Schema: [{ Name: 'name', Required: true, Mutable: true }] });
    door = await newClient(scene.admin, poolId);
    await scene.admin.adminCreateUser({ UserPoolId: poolId, Username: 'carl', TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
    const carl = user('carl');
    expect(await carl.signIn(PASSWORD)).toMatchObject({ newPasswordRequired: { requiredAttributes: ['name'] } });
    expect(await carl.completeNewPassword('Another-horse-8', { name: 'Carl' })).toHaveProperty('access');
    expect(await carl.getUserData()).toMatchObject({ UserAttributes: expect.arrayContaining([{ Name: 'name', Value: 'Carl' }]) });
  });

});
