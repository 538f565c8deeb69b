import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { filesOf } from '../api/files.mjs';

const model = JSON.parse(readFileSync(join(import.meta.dirname, '../models/cognito-idp.json'), 'utf8'));
const with_ = (change) => {
  const copy = structuredClone(model);
  change(copy);
  return copy;
};

describe('what is generated from the API model', () => {
  it('is the same every time', () => expect(filesOf(structuredClone(model))).toEqual(filesOf(model)));

  it('takes a newer model as it is: operations, shapes, members and values', () => {
    const newer = with_(({ operations, shapes }) => {
      operations.CountUsers = { signed: true, input: 'CountUsersRequest', output: 'CountUsersResponse', errors: ['TooManyUsersException'] };
      shapes.CountUsersRequest = { type: 'structure', required: ['UserPoolId'], members: { UserPoolId: 'UserPoolIdType', Kinds: 'KindsType', Weight: 'WeightType' } };
      shapes.CountUsersResponse = { type: 'structure', members: {} };
      shapes.KindsType = { type: 'list', of: 'KindListType' };
      shapes.KindListType = { type: 'list', of: 'KindType' };
      shapes.KindType = { type: 'string', enum: ['A', "B'C"] };
      shapes.WeightType = { type: 'double' };
      shapes.TooManyUsersException = { type: 'structure', members: { message: 'MessageType' }, error: 'client' };
    });
    const files = filesOf(newer);
    expect(files.get('operations.ts')).toContain('readonly CountUsers: { readonly input: shapes.CountUsersRequest; readonly output: shapes.CountUsersResponse };');
    expect(files.get('operations.ts')).toMatch(/export type ExceptionName = .*'TooManyUsersException'/);
    expect(files.get('shapes.ts')).toContain('export interface CountUsersRequest {\n  readonly UserPoolId: string;\n  readonly Kinds?: readonly (readonly KindType[])[];\n  readonly Weight?: number;\n}');
    expect(files.get('shapes.ts')).toContain("export type KindType = 'A' | 'B\\'C';");
    expect(files.get('facts.ts')).toContain('CountUsers: {"signed":true,"input":"CountUsersRequest","output":"CountUsersResponse","errors":["TooManyUsersException"]}');
  });

  it('types what the model says: required or not, sensitive, epoch seconds, documents, bytes, maps', () => {
    const shapes = filesOf(model).get('shapes.ts');
    expect(shapes).toContain('export interface SignUpRequest {\n  /** sensitive */ readonly ClientId: string;\n  /** sensitive */ readonly SecretHash?: string;');
    expect(shapes).toContain('/** epoch seconds */ readonly UserCreateDate?: number;');
    expect(shapes).toContain('readonly Credential: Json;');
    expect(shapes).toContain('readonly ImageFile?: Uint8Array;');
    expect(shapes).toContain('readonly UserPoolTags?: Readonly<Record<string, string>>;');
    expect(shapes).toContain('export type ChangePasswordResponse = Readonly<Record<never, never>>;');
  });

  it.each([
    ['an unknown shape', ({ operations }) => { operations.SignUp.input = 'Nothing'; }, 'operation SignUp'],
    ['an unknown error', ({ operations }) => { operations.SignUp.errors.push('Nothing'); }, 'error Nothing of SignUp'],
    ['an unknown kind of shape', ({ shapes }) => { shapes.DateType.type = 'moment'; }, 'shape DateType of type moment'],
    ['a member of an unknown shape', ({ shapes }) => { shapes.SignUpRequest.members.New = 'Nothing'; }, 'Nothing in SignUpRequest'],
    ['a name that is none', ({ shapes }) => { shapes.SignUpRequest.members['new-one'] = 'StringType'; }, 'member new-one of SignUpRequest'],
    ['a required member that is missing', ({ shapes }) => { shapes.SignUpRequest.required.push('New'); }, 'required New of SignUpRequest'],
  ])('stops at %s', (_what, change, problem) => expect(() => filesOf(with_(change))).toThrow(`the API model breaks its form:\n  ${problem}`));
});
