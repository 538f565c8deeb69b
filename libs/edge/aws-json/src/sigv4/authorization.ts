import { AwsException } from '../aws-exception.js';
import { header, type HttpRequest } from '../http-message.js';

/** What a signature is valid for. */
export interface Scope {
  /** `YYYYMMDD` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

export interface Authorization extends Scope {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** Time of signing, `YYYYMMDDTHHMMSSZ`. */
  readonly date: string;
  readonly sessionToken: string | undefined;
}

const incomplete = (message: string): AwsException => new AwsException('IncompleteSignatureException', message);

/**
 * Reads what a request claims about its signature; nothing of it is verified here. Nothing of the header is echoed: a
 * client that mixes up its settings may have put its secret there. Signatures in the query (presigned URLs) do not count.
 *
 * @throws {AwsException} `MissingAuthenticationTokenException`, `IncompleteSignatureException`
 */
export function readAuthorization(request: HttpRequest): Authorization {
  const lines = request.headers.get('authorization') ?? [];
  const [line] = lines;
  if (line === undefined || line.trim() === '') throw new AwsException('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  if (lines.length > 1) throw incomplete('There must be exactly one Authorization header.');
  const [algorithm = '', ...rest] = line.trim().split(/\s+/);
  if (algorithm !== 'AWS4-HMAC-SHA256') throw incomplete("Unsupported AWS 'algorithm': only AWS4-HMAC-SHA256 is supported.");

  const fields = new Map<string, string>();
  for (const pair of rest.join('').split(',')) {
    const at = pair.indexOf('=');
    if (at < 1) throw incomplete('Not a valid key=value pair (missing equal-sign) in Authorization header.');
    if (fields.has(pair.slice(0, at))) throw incomplete('A parameter is given twice in Authorization header.');
    fields.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const date = dateOf(request);
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !fields.get(name)).map((name) => `Authorization header requires '${name}' parameter.`);
  if (date === undefined) missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  if (missing.length > 0 || date === undefined) throw incomplete(missing.join(' '));

  const credential = (fields.get('Credential') as string).split('/');
  const [accessKeyId, day, region, service, terminator] = credential;
  if (credential.length !== 5 || !accessKeyId || !day || !region || !service) {
    throw incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.');
  }
  if (terminator !== 'aws4_request') throw incomplete("Credential should be scoped with a valid terminator: 'aws4_request'.");
  const signature = fields.get('Signature') as string;
  if (!/^[\da-f]{64}$/.test(signature)) throw incomplete('Signature must be 64 hexadecimal digits.');
  return {
    accessKeyId, day, region, service, signature, date,
    signedHeaders: (fields.get('SignedHeaders') as string).split(';'),
    sessionToken: header(request, 'x-amz-security-token'),
  };
}

/** `X-Amz-Date`, or `Date` in either form; `undefined` if there is none that can be read. */
function dateOf(request: HttpRequest): string | undefined {
  const text = (header(request, 'x-amz-date') ?? header(request, 'date'))?.trim();
  if (text === undefined) return undefined;
  if (/^\d{8}T\d{6}Z$/.test(text)) return text;
  const at = header(request, 'x-amz-date') === undefined ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : basicIso(at);
}

/** `YYYYMMDDTHHMMSSZ` of an instant in epoch milliseconds. */
export const basicIso = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
