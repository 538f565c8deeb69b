import { describe, expect, it } from '@jest/globals';

import { library, read } from './library-service.js';

const pool = { UserPoolId: 'us-east-1_Books' };

/** What the row got, or the error's text. */
async function lend(body: unknown): Promise<unknown> {
  const { send, taken } = library();
  const [status, answer] = read(await send('LendBook', body));
  if (status === 200) return taken[0]?.input;
  expect(taken).toEqual([]);
  return answer;
}
const invalid = (message: string) => ({ __type: 'InvalidParameterException', message });
const serialization = (message: string) => ({ __type: 'SerializationException', message });

describe('an input', () => {
  it('keeps what the model names, ignores the rest, and takes null for absent', async () =>
    expect(await lend({ ...pool, Title: 'Emma', Copies: 2, Urgent: false, Newer: { deep: [1] }, Kind: null, Due: 1.5, Cover: 'AQI=', Extra: { any: [null, 'thing'] } }))
      .toEqual({ ...pool, Title: 'Emma', Copies: 2, Urgent: false, Due: 1.5, Cover: Buffer.from([1, 2]), Extra: { any: [null, 'thing'] } }));

  it('may be an empty body where nothing is required', async () => {
    const { send, taken } = library();
    expect(read(await send('Continue', ''))).toEqual([400, expect.objectContaining({ __type: 'NotAuthorizedException' })]);
    expect(taken).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a number for a text', { ...pool, Title: 5 }, 'NUMBER_VALUE cannot be converted to String'],
    ['a fraction for a text', { ...pool, Title: 5.5 }, 'DECIMAL_VALUE cannot be converted to String'],
    ['a truth for a text', { ...pool, Title: true }, 'TRUE_VALUE cannot be converted to String'],
    ['a text for a number', { ...pool, Copies: '5' }, 'STRING_VALUE cannot be converted to Integer'],
    ['a fraction for a whole number', { ...pool, Copies: 5.5 }, 'DECIMAL_VALUE cannot be converted to Integer'],
    ['a number beyond 32 bits', { ...pool, Copies: 2 ** 31 }, 'NUMBER_VALUE cannot be converted to Integer'],
    ['a number beyond what is exact', { ...pool, Total: 2 ** 60 }, 'NUMBER_VALUE cannot be converted to Long'],
    ['a text for a truth', { ...pool, Urgent: 'true' }, 'STRING_VALUE cannot be converted to Boolean'],
    ['a text for a time', { ...pool, Due: '2026-11-24T12:00:00Z' }, 'STRING_VALUE cannot be converted to Date'],
    ['what is not base64', { ...pool, Cover: 'a' }, 'STRING_VALUE cannot be converted to Blob'],
    ['a list for a text', { ...pool, Title: [] }, 'Start of list found where not expected'],
    ['a structure for a text', { ...pool, Title: {} }, 'Start of structure or map found where not expected.'],
    ['a text for a list', { ...pool, Keywords: 'NOVEL' }, 'STRING_VALUE cannot be converted to a list'],
    ['a list for a map', { ...pool, Tags: [] }, 'Start of list found where not expected'],
    ['a text for a structure', { ...pool, Lists: ['x'] }, 'STRING_VALUE cannot be converted to a structure or map'],
  ])('is no %s', async (_what, body, message) => expect(await lend(body)).toEqual(serialization(message)));

  it.each<[string, unknown, string]>([
    ['a required member', {}, "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null"],
    ['a pattern', { UserPoolId: 'x y' }, "1 validation error detected: Value 'x y' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+"],
    ['a length and a pattern', { UserPoolId: '' }, "2 validation errors detected: Value '' at 'userPoolId' failed to satisfy constraint: Member must have length greater than or equal to 1; "
      + "Value '' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+"],
    ['two members', { ...pool, Title: 'x', Copies: 61 }, "2 validation errors detected: Value 'x' at 'title' failed to satisfy constraint: Member must have length greater than or equal to 2; "
      + "Value '61' at 'copies' failed to satisfy constraint: Member must have value less than or equal to 60"],
    ['a least value', { ...pool, Copies: 0 }, "1 validation error detected: Value '0' at 'copies' failed to satisfy constraint: Member must have value greater than or equal to 1"],
    ['an enumeration', { ...pool, Kind: 'CRIME' }, "1 validation error detected: Value 'CRIME' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [NOVEL, POEM]"],
    ['an enumeration in a list', { ...pool, Keywords: ['NOVEL', 'CRIME'] }, "1 validation error detected: Value '[NOVEL, CRIME]' at 'keywords' failed to satisfy constraint: "
      + 'Member must satisfy constraint: [Member must satisfy enum value set: [NOVEL, POEM]]'],
    ['a length of a list', { ...pool, Keywords: [] }, "1 validation error detected: Value '[]' at 'keywords' failed to satisfy constraint: Member must have length greater than or equal to 1"],
    ['a hole in a list', { ...pool, Lists: [null] }, "1 validation error detected: Value null at 'lists.1.member' failed to satisfy constraint: Member must not be null"],
    ['a structure in a list', { ...pool, Lists: [{ Name: 'Ada' }, { Name: 'x' }] }, "1 validation error detected: Value 'x' at 'lists.2.member.name' failed to satisfy constraint: "
      + 'Member must have length greater than or equal to 2'],
    ['a size of a map', { ...pool, Tags: { a: 'aa', b: 'bb', c: 'cc' } }, "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 2"],
    ['keys of a map', { ...pool, Tags: { toolong: 'aa' } }, "1 validation error detected: Value at 'tags' failed to satisfy constraint: "
      + 'Map keys must satisfy constraint: [Member must have length less than or equal to 5, Member must have length greater than or equal to 1]'],
    ['values of a map', { ...pool, Tags: { a: 'x' } }, "1 validation error detected: Value at 'tags' failed to satisfy constraint: "
      + 'Map value must satisfy constraint: [Member must have length less than or equal to 10, Member must have length greater than or equal to 2]'],
    ['a size of bytes', { ...pool, Cover: 'AAAAAAAAAAAA' }, "1 validation error detected: Value at 'cover' failed to satisfy constraint: Member must have length less than or equal to 8"],
    ['Unicode', { ...pool, Title: 'ab\ud800' }, "1 validation error detected: Value 'ab\ud800' at 'title' failed to satisfy constraint: Member must be well-formed Unicode"],
    ['Unicode in a key of a map', { ...pool, Tags: { 'a\udfff': 'aa' } }, "1 validation error detected: Value at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must be well-formed Unicode]"],
    ['Unicode in a value of a map', { ...pool, Tags: { a: 'aa\ud800b' } }, "1 validation error detected: Value at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must be well-formed Unicode]"],
  ])('that breaks %s is refused in the words of AWS', async (_what, body, message) => expect(await lend(body)).toEqual(invalid(message)));

  it('never shows a sensitive value (abuse K6)', async () => {
    const body = { ...pool, Secret: 'c4', Notes: ['c4n4ry value'], Hidden: { Name: 'c4n4ry of ten' } };
    const { send, records, logged } = library();
    const answer = await send('LendBook', body);
    expect(JSON.parse(answer.body)).toEqual(invalid("3 validation errors detected: Value at 'notes' failed to satisfy constraint: Member must satisfy constraint: "
      + '[Member must have length less than or equal to 20, Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [\\S]+]; '
      + "Value at 'secret' failed to satisfy constraint: Member must have length greater than or equal to 3; "
      + "Value at 'hidden.name' failed to satisfy constraint: Member must have length less than or equal to 10"));
    expect(JSON.stringify([answer, records, logged])).not.toMatch(/c4/);
  });

  it('counts letters, not their code units', async () => {
    expect(await lend({ ...pool, Title: '😀😀😀😀😀😀😀😀😀😀' })).toEqual({ ...pool, Title: '😀😀😀😀😀😀😀😀😀😀' });
    expect(await lend({ ...pool, Title: '😀' })).toEqual(invalid("1 validation error detected: Value '😀' at 'title' failed to satisfy constraint: Member must have length greater than or equal to 2"));
  });

  it('shows a part of a long value, and at most 20 violations', async () => {
    expect(await lend({ ...pool, Title: 'x'.repeat(5000) })).toEqual(invalid(
      `1 validation error detected: Value '${'x'.repeat(256)}...' at 'title' failed to satisfy constraint: Member must have length less than or equal to 10`));
    const many = await lend({ ...pool, Lists: Array.from({ length: 5000 }, () => ({})) });
    expect((many as { message: string }).message.split('; ')).toHaveLength(20);
  });
});

describe('keys that mean something to JavaScript (abuse I8)', () => {
  it('change no prototype, and are no members', async () => {
    const { send, taken } = library();
    await send('LendBook', '{"UserPoolId":"us-east-1_Books","__proto__":{"Title":"evil"},"Extra":{"__proto__":{"admin":true},"a":[{"\\u005f_proto__":1}]},"Tags":{"__proto__":"evil"}}');
    const input = taken[0]?.input as Record<string, Record<string, unknown>>;
    expect(input).toEqual({ UserPoolId: 'us-east-1_Books', Extra: { a: [{}] }, Tags: {} });
    expect(input['Title']).toBeUndefined();
    expect(JSON.stringify(input)).not.toContain('proto');
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  it('find nothing in a map that nobody put there', async () => {
    const { send, taken } = library();
    await send('LendBook', { ...pool, Tags: { a: 'aa' } });
    const tags = (taken[0]?.input as { Tags?: Record<string, unknown> } | undefined)?.Tags;
    expect([tags?.['constructor'], tags?.['toString'], tags?.['a']]).toEqual([undefined, undefined, 'aa']);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('name no operation: %s', async (operation) => {
    const { send } = library();
    expect(read(await send(operation, {}))).toEqual([400, expect.objectContaining({ __type: 'UnknownOperationException' })]);
  });
});

describe('a body', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['cut off', '{"UserPoolId":', 'The request is not valid JSON.'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'The request is not valid JSON.'],
    ['a list', '[]', 'The request must be a JSON object.'],
    ['a text', '"x"', 'The request must be a JSON object.'],
    ['null', 'null', 'The request must be a JSON object.'],
    ['nested too deeply', `${'{"Extra":'.repeat(33)}1${'}'.repeat(33)}`, 'The request is nested deeper than 32 levels.'],
    ['nested half a million times', '['.repeat(500_000), 'The request is nested deeper than 32 levels.'],
  ])('that is %s is refused', async (_what, body, message) => {
    const { send, taken } = library();
    expect(read(await send('LendBook', body))).toEqual([400, serialization(message)]);
    expect(taken).toEqual([]);
  });

  it('may be nested 32 levels deep, and hold any brackets in texts', async () => {
    const { send, taken } = library();
    const deep = `${'{"a":'.repeat(31)}"[[[\\"[[{{"${'}'.repeat(31)}`;
    expect((await send('LendBook', `{"UserPoolId":"us-east-1_Books","Extra":${deep}}`)).status).toBe(200);
    expect(taken).toHaveLength(1);
  });
});
