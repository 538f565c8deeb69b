export interface Started {
  readonly endpoint: string;
  readonly credentialsFile: string | undefined;
  readonly outbox: string | undefined;
  readonly version: string;
}

/** What a person reads at the start, to standard output: where things are and a first command to try. */
export function banner({ endpoint, credentialsFile, outbox, version }: Started): string {
  const credentials = credentialsFile === undefined ? 'as set in ROLLCALL_ACCESS_KEY_ID' : credentialsFile;
  const environment = credentialsFile === undefined ? '' : `AWS_SHARED_CREDENTIALS_FILE=${quoted(credentialsFile)} `;
  return [
    `Rollcall ${version} is ready.`,
    `  endpoint     ${endpoint}`,
    `  admin keys   ${credentials}`,
    `  mail outbox  ${outbox ?? 'none: mail goes to the mail server'}`,
    '  try          '
      + `${environment}aws cognito-idp create-user-pool --pool-name first --endpoint-url ${endpoint} --region us-east-1`,
    '',
  ].join('\n');
}

/** A path as one word of a shell. */
const quoted = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
