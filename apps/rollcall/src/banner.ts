export interface Started {
  readonly endpoint: string;
  readonly credentialsFile: string | undefined;
  /** Where messages are shown that go nowhere else; absent if a mail server and a web hook take them all. */
  readonly outbox: string | undefined;
  /** Whether mail goes to a mail server; the outbox is for text messages alone then. */
  readonly mailed: boolean;
  readonly version: string;
}

/** What a person reads at the start, to standard output: where things are and a first command to try. */
export function banner({ endpoint, credentialsFile, outbox, mailed, version }: Started): string {
  const credentials = credentialsFile === undefined ? 'as set in ROLLCALL_ACCESS_KEY_ID' : credentialsFile;
  const environment = credentialsFile === undefined ? '' : `AWS_SHARED_CREDENTIALS_FILE=${quoted(credentialsFile)} `;
  return [
    `Rollcall ${version} is ready.`,
    `  endpoint     ${endpoint}`,
    `  admin keys   ${credentials}`,
    `  mail outbox  ${mailed || outbox === undefined ? 'none: mail goes to the mail server' : outbox}`,
    ...(mailed && outbox !== undefined ? [`  text outbox  ${outbox}`] : []),
    '  try          '
      + `${environment}aws cognito-idp create-user-pool --pool-name first --endpoint-url ${endpoint} --region us-east-1`,
    '',
  ].join('\n');
}

/** A path as one word of a shell. */
const quoted = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
