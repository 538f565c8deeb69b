import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly to: string;
  readonly from: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly messageId: string;
  readonly body: string;
}

/** A real SMTP server on loopback that keeps what it is sent. */
export interface SmtpSink {
  readonly url: string;
  readonly mails: readonly Mail[];
  /** The n-th mail (from 0) to an address, past or to come. */
  mailTo(address: string, n?: number): Promise<Mail>;
  close(): Promise<void>;
}

/** Starts a sink, on a free port unless told. */
export async function smtpSink(wanted = 0): Promise<SmtpSink> {
  const mails: Mail[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => { chunks.push(chunk); });
      stream.on('end', () => {
        const [to] = session.envelope.rcptTo;
        mails.push(parse(Buffer.concat(chunks).toString('utf8'), to?.address ?? ''));
        done();
        for (const look of [...waiting]) look();
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  // From now on it speaks of single connections: a client that is killed breaks off in the middle.
  server.on('error', () => undefined);
  const { port } = server.server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    mailTo: (address, n = 0) => new Promise((resolve) => {
      const look = () => {
        const mail = mails.filter(({ to }) => to === address)[n];
        if (!mail) return;
        waiting.delete(look);
        resolve(mail);
      };
      waiting.add(look);
      look();
    }),
    close: () => new Promise<void>((resolve) => { server.close(resolve); }),
  };
}

/** Enough of RFC 5322 and MIME for the mails that Rollcall sends: the plain-text part, decoded. */
function parse(text: string, to: string): Mail {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'mi').exec(head.replace(/\r\n[ \t]+/g, ' '))?.[1]?.trim() ?? '';
  const body = rest.join('\r\n\r\n');
  const boundary = /boundary="?([^";\r\n]+)"?/.exec(head.replace(/\r\n[ \t]+/g, ' '))?.[1];
  const part = boundary === undefined ? text : body.split(`--${boundary}`).find((each) => /content-type: text\/plain/i.test(each)) ?? '';
  const [partHead = '', ...partBody] = part.trimStart().split('\r\n\r\n');
  return { to, from: header('From'), replyTo: header('Reply-To'), subject: header('Subject'), messageId: header('Message-ID'), body: decoded(partBody.join('\r\n\r\n'), partHead) };
}

function decoded(body: string, head: string): string {
  if (/content-transfer-encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/content-transfer-encoding: quoted-printable/i.test(head)) return body;
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
