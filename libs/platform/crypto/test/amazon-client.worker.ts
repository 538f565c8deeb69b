/**
 * Amazon's unmodified client in a thread of plain Node: in Jest's sandbox, where every global is looked up through an
 * interceptor, its arithmetic takes fifty times as long. One request per thread; Node strips the types itself.
 */
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

interface BigInteger {
  toString(radix: number): string;
}
type Callback<T> = (error: Error | null, value: T) => void;

interface AuthenticationHelper {
  getLargeAValue(callback: Callback<BigInteger>): void;
  getPasswordAuthenticationKey(username: string, password: string, B: BigInteger, salt: BigInteger, callback: Callback<Uint8Array>): void;
  generateHashDevice(deviceGroupKey: string, deviceKey: string, callback: (error: Error | null) => void): void;
  getRandomPassword(): string;
  getSaltDevices(): string;
  getVerifierDevices(): string;
}

/** What the server answers to the first leg. */
export interface Challenge {
  readonly SALT: string;
  readonly SRP_B: string;
  readonly SECRET_BLOCK: string;
  readonly USER_ID_FOR_SRP: string;
}
export interface Claim {
  readonly challenge: Challenge;
  readonly password: string;
  readonly timestamp: string;
}
/** The password stays with the device; the rest is ConfirmDevice's input. */
export interface Device {
  readonly password: string;
  readonly Salt: string;
  readonly PasswordVerifier: string;
}

const nodeRequire = createRequire(import.meta.url); // its inner parts have no types
const load = <T>(part: string): T => (nodeRequire(`amazon-cognito-identity-js/lib/${part}.js`) as { readonly default: T }).default;
const Helper = load<new (poolName: string) => AuthenticationHelper>('AuthenticationHelper');
const BigInt16 = load<new (digits: string, radix: number) => BigInteger>('BigInteger');
const DateHelper = load<new () => { getNowString(): string }>('DateHelper');

const answer = (message: unknown): void => parentPort?.postMessage(message);
const unless = (error: Error | null): void => {
  if (error) throw error;
};

/** The steps of `CognitoUser.authenticateUserDefaultAuth`, between which the server is asked. */
function signIn(poolName: string): void {
  const client = new Helper(poolName);
  client.getLargeAValue((error, A) => {
    unless(error);
    answer(A.toString(16));
  });
  parentPort?.once('message', ({ challenge, password, timestamp }: Claim) => {
    const { SALT, SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP } = challenge;
    client.getPasswordAuthenticationKey(USER_ID_FOR_SRP, password, new BigInt16(SRP_B, 16), new BigInt16(SALT, 16), (error, key) => {
      unless(error);
      const claim = [poolName, USER_ID_FOR_SRP, Buffer.from(SECRET_BLOCK, 'base64'), timestamp];
      answer(claim.reduce((hmac, part) => hmac.update(part), createHmac('sha256', key)).digest('base64'));
    });
  });
}

function device(groupKey: string, deviceKey: string): void {
  const client = new Helper(groupKey);
  client.generateHashDevice(groupKey, deviceKey, (error) => {
    unless(error);
    const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
    answer({ password: client.getRandomPassword(), Salt: base64(client.getSaltDevices()), PasswordVerifier: base64(client.getVerifierDevices()) } satisfies Device);
  });
}

const request = workerData as { signInTo: string } | { deviceOf: string; key: string } | 'now';
if (request === 'now') answer(new DateHelper().getNowString());
else if ('signInTo' in request) signIn(request.signInTo);
else device(request.deviceOf, request.key);
