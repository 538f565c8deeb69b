import type { AttributeType, CognitoIdentityProvider, CreateUserPoolClientRequest, CreateUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider';

import { administrator, app } from './clients.js';
import { newDataDir, removeDataDir, startRollcall, type Rollcall } from './rollcall-process.js';
import type { Door } from './sign-in.js';
import { smtpSink, type Mail, type SmtpSink } from './smtp-sink.js';

/** A running Rollcall with its mail and clients that never repeat a request: what is answered is what is seen. */
export interface Scene {
  readonly rollcall: Rollcall;
  readonly mail: SmtpSink;
  readonly admin: CognitoIdentityProvider;
  readonly app: CognitoIdentityProvider;
  /** Ends Rollcall and removes its folder. */
  close(): Promise<void>;
}

export const PASSWORD = 'Correct-horse-7';

export async function openScene(settings: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const mail = await smtpSink();
  const rollcall = await startRollcall({
    dataDir: await newDataDir(),
    settings: { ROLLCALL_SMTP_URL: mail.url, ROLLCALL_MAIL_FROM: 'Rollcall <no-reply@rollcall.example>', ...settings },
  });
  return {
    rollcall,
    mail,
    admin: administrator(rollcall, { maxAttempts: 1 }),
    app: app(rollcall, { maxAttempts: 1 }),
    async close() {
      await rollcall.stop();
      await mail.close();
      await removeDataDir(rollcall.dataDir);
    },
  };
}

const allFlows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const;

/** A new pool. @returns its id */
export async function newPool(admin: CognitoIdentityProvider, settings: Partial<CreateUserPoolRequest> = {}): Promise<string> {
  const { UserPool } = await admin.createUserPool({ PoolName: 'conformance', ...settings });
  return UserPool?.Id ?? '';
}

/** A new client with all flows. */
export async function newClient(admin: CognitoIdentityProvider, poolId: string, settings: Partial<CreateUserPoolClientRequest> = {}): Promise<Door> {
  const { UserPoolClient } = await admin.createUserPoolClient({ UserPoolId: poolId, ClientName: 'app', ExplicitAuthFlows: [...allFlows], ...settings });
  return { poolId, clientId: UserPoolClient?.ClientId ?? '', clientSecret: UserPoolClient?.ClientSecret };
}

export const newDoor = async (admin: CognitoIdentityProvider, pool: Partial<CreateUserPoolRequest> = {}, client: Partial<CreateUserPoolClientRequest> = {}): Promise<Door> =>
  newClient(admin, await newPool(admin, pool), client);

export const attributes = (values: Readonly<Record<string, string>>): AttributeType[] => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

/** Attributes by name. */
export const valuesOf = (list: readonly AttributeType[] | undefined): Record<string, string | undefined> =>
  Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name ?? '', Value]));

/** A CONFIRMED user with a lasting password. @returns the sub */
export async function newUser(admin: CognitoIdentityProvider, poolId: string, username: string, given: Readonly<Record<string, string>> = {}, password = PASSWORD): Promise<string> {
  const { User } = await admin.adminCreateUser({ UserPoolId: poolId, Username: username, UserAttributes: attributes(given), MessageAction: 'SUPPRESS' });
  await admin.adminSetUserPassword({ UserPoolId: poolId, Username: username, Password: password, Permanent: true });
  return valuesOf(User?.Attributes)['sub'] ?? '';
}

/** The code that a mail carries. @throws {Error} if there is none */
export function codeIn({ body }: Pick<Mail, 'body'>): string {
  const code = /\b\d{6}\b/.exec(body)?.[0];
  if (code === undefined) throw new Error(`no code in the mail: ${body}`);
  return code;
}

/** The temporary password that an invitation carries. @throws {Error} if there is none */
export function temporaryPasswordIn({ body }: Pick<Mail, 'body'>): string {
  const password = /temporary password is (\S+)\.\s*$/m.exec(body)?.[1];
  if (password === undefined) throw new Error(`no temporary password in the mail: ${body}`);
  return password;
}
