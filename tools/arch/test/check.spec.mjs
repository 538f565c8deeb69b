import { describe, expect, it } from '@jest/globals';

import { check, withExceptions } from '../check.mjs';
import { plant } from './planted-workspace.mjs';

/** What is found in the sound workspace with these files added, as `file[:line] rule`. */
function found(planted) {
  const { root, remove } = plant(planted);
  try {
    return check(root).map(({ file, line, rule }) => `${file}${line ? `:${line}` : ''} ${rule}`);
  } finally {
    remove();
  }
}

describe('the boundary check', () => {
  it('finds nothing in a sound workspace', () => expect(found({})).toEqual([]));

  it.each([
    ['an unknown entry at the root', 'scratch.txt', '', 'scratch.txt top-level'],
    ['an unknown folder at the root', 'packages/x/package.json', '{}', 'packages top-level'],
    ['an unknown tool', 'tools/helper.mjs', '', 'tools/helper.mjs top-level'],
    ['code in deploy', 'deploy/hook.mjs', '', 'deploy/hook.mjs folder'],
    ['code in docs', 'docs/example.ts', '', 'docs/example.ts folder'],
    ['a project that is not listed', 'libs/billing/package.json', '{ "name": "@rollcall/billing" }', 'libs/billing project'],
    ['a file of no project', 'libs/notes.txt', '', 'libs/notes.txt folder'],
    ['a folder that is no layer', 'libs/directory/src/services/user.ts', '', 'libs/directory/src/services/user.ts folder'],
    ['a file beside the layers', 'libs/directory/src/user.ts', '', 'libs/directory/src/user.ts folder'],
    ['the module of another service', 'libs/directory/src/token.module.ts', '', 'libs/directory/src/token.module.ts folder'],
    ['a folder of a library that has none', 'libs/kernel/src/time/clock.ts', '', 'libs/kernel/src/time/clock.ts folder'],
    ['a helper for tests where none may lie', 'libs/directory/src/testing/given.ts', '', 'libs/directory/src/testing/given.ts folder'],
    ['JavaScript among the sources', 'libs/kernel/src/a.js', '', 'libs/kernel/src/a.js folder'],
    ['code among the migrations', 'libs/directory/migrations/a.ts', '', 'libs/directory/migrations/a.ts folder'],
    ['a stray file in a project', 'libs/kernel/notes.md', '', 'libs/kernel/notes.md folder'],
    ['a file named for nothing', 'libs/kernel/src/utils.ts', '', 'libs/kernel/src/utils.ts name'],
    ['a file over 400 lines', 'libs/kernel/src/long.ts', 'x\n'.repeat(401), 'libs/kernel/src/long.ts size'],
    ['a tool over 400 lines', 'tools/sync.mjs', 'x\n'.repeat(401), 'tools/sync.mjs size'],
    ['a test over 600 lines', 'libs/kernel/test/long.spec.ts', 'x\n'.repeat(601), 'libs/kernel/test/long.spec.ts size'],
  ])('finds %s', (_what, file, text, expected) => expect(found({ [file]: text })).toEqual([expected]));

  it.each([
    ['domain', "import '@rollcall/eventing';", 'layer'],
    ['domain', "import '../application/sign-up.js';", 'layer'],
    ['domain', "import type { X } from '../adapters/users-table.js';", 'layer'],
    ['domain', "import { createHash } from 'node:crypto';", 'pure'],
    ['domain', "import 'zod';", 'package'],
    ['domain', 'export const now = Date.now();', 'pure'],
    ['domain', 'export const now = new Date();', 'pure'],
    ['domain', 'export const r = Math.random();', 'pure'],
    ['domain', "export const b = Buffer.from('');", 'pure'],
    ['domain', 'export const p = process.pid;', 'pure'],
    ['domain', 'export const text = `${process.pid}`;', 'pure'],
    ['domain', 'setTimeout(() => {}, 1);', 'pure'],
    ['application', "import '@rollcall/platform-config';", 'layer'],
    ['application', "import '@rollcall/store-postgres';", 'layer'],
    ['application', "import type { X } from '../adapters/users-table.js';", 'layer'],
    ['application', "import { users } from '../read-models/users.js';", 'layer'],
    ['application', "import pg from 'pg';", 'package'],
    ['application', "import { Injectable } from '@nestjs/common';", 'package'],
    ['application', "import fastify from 'fastify';", 'package'],
    ['application', "export { x } from 'left-pad';", 'package'],
    ['application', "import { x } from '@rollcall/nowhere';", 'package'],
    ['application', "import '@rollcall/token';", 'service'],
    ['application', "const t = await import('@rollcall/token');", 'service'],
    ['application', "import '@rollcall/edge-aws-json';", 'layer'],
    ['application', "import '@rollcall/eventing/testing';", 'layer'],
    ['application', "import '../../test/user.spec.js';", 'layer'],
    ['application', "import '../../../token/src/index.js';", 'relative'],
    ['application', "import '@rollcall/directory';", 'relative'],
    ['application', 'export const home = process.env.HOME;', 'environment'],
    ['application', "export const home = process['env'];", 'environment'],
    ['application', 'const { env } = process;', 'environment'],
    ['application', "import { readFile } from 'fs';", 'package'],
    ['application', "import { it } from '@jest/globals';", 'package'],
    ['read-models', "import '../application/sign-up.js';", 'layer'],
    ['adapters', "import { signUp } from '../application/sign-up.js';", 'layer'],
    ['adapters', "import { type SignUp } from '../application/sign-up.js';", 'layer'],
    ['adapters', "import { Module } from '@nestjs/common';", 'package'],
    ['adapters', "import '@rollcall/store-postgres';", 'layer'],
  ])('finds in %s: %s', (layer, text, rule) => {
    const file = `libs/directory/src/${layer}/planted.ts`;
    expect(found({ [file]: `${text}\n` })).toEqual([`${file}:1 ${rule}`]);
  });

  it.each([
    ['libs/kernel/src/planted.ts', "import '@rollcall/eventing';", 'layer'],
    ['libs/kernel/src/planted.ts', 'export const f = () => performance.now();', 'pure'],
    ['libs/eventing/src/planted.ts', "import '@rollcall/contracts';", 'layer'],
    ['libs/eventing/src/planted.ts', "import './testing/given.js';", 'layer'],
    ['libs/contracts/src/planted.ts', "import '@rollcall/eventing';", 'layer'],
    ['libs/platform/config/src/planted.ts', "import '@rollcall/eventing';", 'layer'],
    ['libs/platform/config/src/planted.ts', "import pg from 'pg';", 'package'],
    ['libs/store-postgres/src/planted.ts', "import '@rollcall/directory';", 'layer'],
    ['libs/store-postgres/src/planted.ts', "import { Module } from '@nestjs/common';", 'package'],
    ['libs/edge/aws-json/src/planted.ts', "import '@rollcall/directory';", 'layer'],
    ['libs/edge/aws-json/src/planted.ts', "import '@rollcall/eventing';", 'layer'],
    ['libs/edge/aws-json/src/planted.ts', "import '@aws-sdk/client-cognito-identity-provider';", 'package'],
    ['libs/directory/src/directory.grpc.ts', "import '@rollcall/store-postgres';", 'layer'],
    ['libs/directory/src/index.ts', "import { Module } from '@nestjs/common';", 'package'],
    ['libs/directory/test/planted.spec.ts', "import '@rollcall/token';", 'service'],
    ['libs/directory/test/planted.spec.ts', "import '../../token/src/index.js';", 'relative'],
    ['libs/kernel/test/planted.spec.ts', "import '@rollcall/store-postgres';", 'layer'],
    ['apps/conformance/src/planted.ts', "import '@rollcall/kernel';", 'layer'],
    ['apps/conformance/test/planted.e2e.spec.ts', "import '@rollcall/platform-config';", 'layer'],
    ['apps/rollcall/src/planted.ts', "import '@rollcall/conformance';", 'layer'],
    ['apps/rollcall/src/planted.ts', "import pg from 'pg';", 'package'],
  ])('finds in %s: %s', (file, text, rule) => expect(found({ [file]: `${text}\n` })).toEqual([`${file}:1 ${rule}`]));

  it('names the line', () =>
    expect(found({ 'libs/directory/src/domain/planted.ts': "// fine\nimport {\n  now,\n} from 'node:os';\n\nconst at = Date.now();\n" }))
      .toEqual(['libs/directory/src/domain/planted.ts:2 pure', 'libs/directory/src/domain/planted.ts:6 pure']));

  it('finds a cycle between files, of types too', () =>
    expect(found({ 'libs/kernel/src/a.ts': "import type { B } from './b.js';\n", 'libs/kernel/src/b.ts': "import './a.js';\n" })).toEqual(['libs/kernel/src/a.ts cycle']));

  it('finds a cycle between projects', () =>
    expect(found({ 'libs/edge/aws-json/src/a.ts': "import '@rollcall/edge-pages';\n", 'libs/edge/pages/package.json': '{ "name": "@rollcall/edge-pages" }', 'libs/edge/pages/src/a.ts': "import '@rollcall/edge-aws-json';\n" }))
      .toEqual(['libs/edge/aws-json cycle']));

  it('finds undeclared and unused dependencies between projects', () => {
    const { root, write, remove } = plant({});
    write('libs/token/src/index.ts', "import '@rollcall/kernel';\n");
    write('libs/directory/src/domain/user.ts', 'export {};\n');
    expect(check(root).map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'libs/directory/package.json sync', 'libs/directory/tsconfig.json sync', 'libs/directory/tsconfig.spec.json sync',
      'libs/token/package.json sync', 'libs/token/tsconfig.json sync',
    ]);
    remove();
  });
});

describe('exceptions from the rules', () => {
  const finding = { file: 'libs/kernel/src/long.ts', rule: 'size', text: '401 lines, 400 at most' };
  const exception = { below: 'libs/kernel/src/long.ts', rule: 'size', finding: '401 lines', reason: 'a table', date: '2026-11-24' };

  it('take away what they name', () => expect(withExceptions([finding], [exception])).toEqual([]));
  it('take away nothing else', () => {
    expect(withExceptions([finding, { ...finding, rule: 'cycle' }], [exception])).toEqual([{ ...finding, rule: 'cycle' }]);
    expect(withExceptions([finding, { ...finding, text: '500 lines' }], [exception])).toEqual([{ ...finding, text: '500 lines' }]);
  });
  it('are findings themselves when nothing needs them', () =>
    expect(withExceptions([], [exception])).toEqual([{ file: exception.below, rule: 'exception', text: 'the exception from size is not needed' }]));
  it.each([{ reason: '' }, { date: 'soon' }])('are findings themselves without %j', (lacking) =>
    expect(withExceptions([finding], [{ ...exception, ...lacking }])).toEqual([{ file: exception.below, rule: 'exception', text: 'the exception from size needs a reason and a date' }]));
});
