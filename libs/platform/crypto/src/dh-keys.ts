import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { integerOf, paddedBytes } from './integer.js';
import { g, N } from './srp-group.js';
import type { Power } from './srp.js';

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff]; // below 65,536
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}
const integer = (value: bigint): Buffer => der(0x02, paddedBytes(value));

/** dhKeyAgreement (PKCS #3) with the SRP group as its parameters. */
const algorithm = der(0x30, Buffer.from('06092a864886f70d010301', 'hex'), der(0x30, integer(N), integer(g)));

/**
 * A power as a Diffie-Hellman agreement between key objects: the exponent is the private key, the base the other side's
 * public one. 1.4 ms and no set-up, for OpenSSL also computes g^exponent, and does not check the prime.
 */
export const keyObjectPower: Power = (base, exponent) => {
  const privateKey = createPrivateKey({ key: der(0x30, integer(0n), algorithm, der(0x04, integer(exponent))), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey({ key: der(0x30, algorithm, der(0x03, Buffer.of(0), integer(base))), format: 'der', type: 'spki' });
  return integerOf(diffieHellman({ privateKey, publicKey }));
};
