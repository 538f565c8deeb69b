import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { outOfStep } from '../../workspace/derived.mjs';
import { readProjects } from '../../workspace/projects.mjs';

const names = {
  'libs/kernel': '@rollcall/kernel', 'libs/eventing': '@rollcall/eventing', 'libs/contracts': '@rollcall/contracts', 'libs/platform/config': '@rollcall/platform-config',
  'libs/store-postgres': '@rollcall/store-postgres', 'libs/edge/aws-json': '@rollcall/edge-aws-json', 'libs/directory': '@rollcall/directory', 'libs/token': '@rollcall/token',
  'apps/rollcall': '@rollcall/app-rollcall', 'apps/conformance': '@rollcall/conformance',
};

/** Small, and nothing is wrong with it. */
const sound = {
  'package.json': '{}', 'README.md': '', '.gitignore': 'node_modules/\n/.nx/\n', '.nx/cache': '', 'node_modules/x': '', 'tools/sync.mjs': '', 'deploy/rollcall.service': '', 'docs/settings.md': '',
  ...Object.fromEntries(Object.entries(names).flatMap(([dir, name]) => [[`${dir}/package.json`, JSON.stringify({ name })], [`${dir}/src/index.ts`, 'export {};\n']])),
  'apps/rollcall/src/main.ts': "import { NestFactory } from '@nestjs/core';\nimport '@rollcall/directory';\nimport '@rollcall/token';\nimport '@rollcall/store-postgres';\nimport '@rollcall/edge-aws-json';\n",
  'libs/directory/src/domain/user.ts': "import { fold } from '@rollcall/kernel';\n",
  'libs/directory/src/domain/user.events.ts': "import type { User } from './user.js';\n// process.env and Date.now() in words only: 'process'\n",
  'libs/directory/src/application/sign-up.ts': "import { user } from '../domain/user.js';\nimport type { Users } from '../read-models/users.js';\nimport { execute } from '@rollcall/eventing';\n",
  'libs/directory/src/read-models/users.ts': "import '../domain/user.events.js';\n",
  'libs/directory/src/adapters/users-table.ts': "import pg from 'pg';\nimport type { Users } from '../read-models/users.js';\nimport type { SignUp } from '../application/sign-up.js';\n",
  'libs/directory/src/directory.module.ts': "import { Module } from '@nestjs/common';\nimport './application/sign-up.js';\nimport './adapters/users-table.js';\n",
  'libs/directory/migrations/20261124-users.sql': '',
  'libs/directory/test/user.spec.ts': "import { it } from '@jest/globals';\nimport '../src/domain/user.js';\nimport '@rollcall/eventing/testing';\nimport '@rollcall/store-postgres';\n",
  'libs/eventing/src/testing/given.ts': "import { expect } from '@jest/globals';\nimport '../index.js';\n",
  'libs/platform/config/src/settings.ts': 'export const env = process.env;\n',
  'libs/contracts/src/gen/rollcall/token.ts': 'x\n'.repeat(1000),
  'apps/conformance/test/sign-in.e2e.spec.ts': "import '@aws-sdk/client-cognito-identity-provider';\nconst env = { ...process.env };\n",
};

/**
 * Writes the sound workspace with some files added or replaced, in step with its imports, into a temporary folder.
 * @param {Record<string, string>} planted path -> text @returns {{ root: string, remove: () => void }}
 */
export function plant(planted) {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-arch-'));
  const write = (file, text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  for (const [file, text] of Object.entries({ ...sound, ...planted })) write(file, text);
  for (const [file, text] of outOfStep(root, readProjects(root))) write(file, text);
  return { root, write, remove: () => rmSync(root, { recursive: true }) };
}
