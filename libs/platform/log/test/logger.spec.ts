import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rollcall/kernel';
import { createLogger, type LogLevel } from '@rollcall/platform-log';

const collecting = (level: LogLevel = 'debug') => {
  const texts: string[] = [];
  return {
    log: createLogger({ level, write: (line) => texts.push(line) }),
    texts,
    lines: () => texts.map((text) => JSON.parse(text) as Record<string, unknown>),
  };
};

describe('the log', () => {
  it('is one JSON object a line with time, level, facts and message', () => {
    const { log, texts, lines } = collecting();
    log.child({ service: 'directory' }).info({ pool: 'us-east-1_abc', events: 3, ids: ['a', 'b'] }, 'projection caught up');
    expect(texts[0]?.endsWith('}\n')).toBe(true);
    expect(lines()).toEqual([{
      level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), service: 'directory', pool: 'us-east-1_abc', events: 3, ids: ['a', 'b'], message: 'projection caught up',
    }]);
  });

  it('says only what its level asks for', () => {
    const { log, lines } = collecting('warn');
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, level);
    expect(lines().map(({ message }) => message)).toEqual(['warn', 'error']);
  });

  it.each(['password', 'authorization', 'refreshToken', 'session', 'confirmationCode', 'secretHash', 'email', 'username', 'sourceAddress', 'databaseUrl'])(
    'hides a fact named %s, in a child too', (name) => {
      const { log, lines } = collecting();
      log.info({ [name]: 'canary' }, 'x');
      log.child({ [name]: 'canary' }).info({}, 'x');
      expect(lines().map((line) => line[name])).toEqual(['[hidden]', '[hidden]']);
    });

  it('prints no object: neither body, nor request, nor what hides in a list', () => {
    const { log, texts } = collecting();
    log.info({ body: { Password: 'canary' }, request: new Map([['canary', 1]]), input: [{ Username: 'canary' }, ['canary']], raw: Buffer.from('canary'), run: () => 'canary' }, 'x');
    log.child({ body: { Password: 'canary' } }).info({}, 'x');
    expect(texts.join()).not.toContain('canary');
    expect(texts.join()).not.toContain(Buffer.from('canary').toString('base64'));
  });

  it.each([
    'ada@canary.example', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary', 'r1.canarycanarycanarycanarycanarycanarycanaryc', 'postgres://rollcall:canary@db:5432/x',
  ])('knows by its form that %s must not be read', (text) => {
    const { log, texts } = collecting();
    log.info({ what: `before ${text} after`, list: [text] }, `while ${text}`);
    expect(texts.join()).not.toContain('canary');
    expect(texts.join()).toContain('before ');
  });
});

describe('an error in the log', () => {
  const logged = (error: unknown) => {
    const { log, texts, lines } = collecting();
    log.error({ error }, 'failed');
    return { text: texts.join(), error: lines()[0]?.['error'] as Record<string, unknown> };
  };

  it('has name, code, the facts of its rule and where it was thrown', () => {
    const { error } = logged(new DomainError('PoolNotFound', { poolId: 'us-east-1_abc' }));
    expect(error).toMatchObject({ name: 'DomainError', code: 'PoolNotFound', details: { poolId: 'us-east-1_abc' } });
    expect((error['stack'] as string[])[0]).toMatch(/^at .*logger\.spec\.ts/);
  });

  it('names what the database complained about, not the value', () => {
    const error = Object.assign(new Error('duplicate key: canary'), { code: '23505', table: 'claim', constraint: 'claim_pkey', detail: 'Key (value)=(canary)', where: 'canary', parameters: ['canary'] });
    const { text, error: facts } = logged(error);
    expect(facts).toMatchObject({ code: '23505', table: 'claim', constraint: 'claim_pkey' });
    expect(text).not.toContain('canary');
  });

  it('keeps nothing of a message, even one that poses as a stack', () => expect(logged(new Error('x\n    at canary (secret:1:1)')).text).not.toContain('canary'));

  it('keeps nothing of a message in its causes and parts', () => {
    const { text, error } = logged(new AggregateError([new Error('canary')], 'canary', { cause: new TypeError('canary', { cause: 'canary' }) }));
    expect(error).toMatchObject({ cause: { name: 'TypeError', cause: { name: 'NotAnError', kind: 'string' } }, errors: [{ name: 'Error' }] });
    expect(text).not.toContain('canary');
  });

  it('ends where causes go round in a circle', () => {
    const error = new Error('x');
    error.cause = error;
    expect(logged(error).error).toHaveProperty('cause.cause.cause.cause');
  });
});
