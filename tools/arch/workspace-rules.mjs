/**
 * What may exist and what may import what: the boundaries of the architecture as data. Whatever is not listed is an error, so
 * a new project, folder or library begins with a line in this file.
 */

/** Entries at the root, besides what git ignores. */
export const topLevel = new Set([
  'apps', 'libs', 'deploy', 'tools', 'docs', 'package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json', 'tsconfig.json', 'jest.config.mjs',
  'README.md', 'LICENSE', '.git', '.gitignore', '.npmrc', '.oxlintrc.json', '.ci',
]);

export const tools = new Set(['arch', 'bench', 'codegen', 'coverage', 'workspace', 'nx-plugin.mjs', 'start.mjs', 'sync.mjs', 'test.mjs']);

/** These hold no code. */
export const codeless = ['deploy', 'docs'];

/** Every project and its kind. */
export const projectKinds = new Map(Object.entries({
  'apps/rollcall': 'app',
  'apps/cli': 'app',
  'apps/conformance': 'conformance',
  'libs/kernel': 'kernel',
  'libs/eventing': 'eventing',
  'libs/contracts': 'contracts',
  'libs/store-postgres': 'store',
  'libs/bus-local': 'bus',
  'libs/platform/config': 'platform',
  'libs/platform/crypto': 'platform',
  'libs/platform/http': 'platform',
  'libs/platform/log': 'platform',
  'libs/platform/postgres': 'platform',
  'libs/platform/rpc': 'platform',
  'libs/edge/aws-json': 'edge',
  'libs/edge/cognito-user-pools': 'edge',
  'libs/edge/oauth': 'edge',
  'libs/edge/pages': 'edge',
  'libs/directory': 'service',
  'libs/authentication': 'service',
  'libs/token': 'service',
  'libs/notification': 'service',
  'libs/audit': 'service',
}));

/** Folders that files of a project may lie in, by kind or for one project; `/**` takes all below. `test/**` is everybody's. */
export const folders = {
  app: ['src'],
  conformance: ['src'],
  kernel: ['src'],
  eventing: ['src', 'src/testing'],
  contracts: ['src', 'src/gen/**', 'proto/**'],
  store: ['src', 'migrations'],
  bus: ['src'],
  platform: ['src'],
  edge: ['src', 'src/gen'],
  service: ['src', 'src/domain/**', 'src/application/**', 'src/read-models/**', 'src/adapters/**', 'migrations'],
  'libs/platform/postgres': ['src/testing'],
  'libs/edge/aws-json': ['src/sigv4'],
  'libs/edge/cognito-user-pools': ['src/operations', 'src/settings', 'src/translation'],
};

/** Files beside those folders. */
export const projectFiles = {
  all: ['package.json', 'tsconfig.json', 'tsconfig.spec.json', 'README.md'],
  'libs/contracts': ['buf.yaml', 'buf.gen.yaml'],
  'apps/cli': ['rollcall.mjs'],
};

/** Which kinds of project a layer may import; its own project aside. */
export const mayImport = {
  kernel: [],
  eventing: ['kernel'],
  contracts: ['kernel'],
  platform: ['kernel', 'platform'],
  store: ['kernel', 'eventing', 'contracts', 'platform'],
  bus: ['kernel', 'eventing', 'contracts', 'platform'],
  edge: ['kernel', 'contracts', 'platform', 'edge'],
  domain: ['kernel'],
  application: ['kernel', 'eventing', 'contracts'],
  'read-models': ['kernel', 'eventing', 'contracts'],
  adapters: ['kernel', 'eventing', 'contracts', 'platform'],
  module: ['kernel', 'eventing', 'contracts', 'platform'],
  index: ['kernel', 'eventing', 'contracts', 'platform'],
  app: ['kernel', 'eventing', 'contracts', 'platform', 'store', 'bus', 'edge', 'service'],
  conformance: [],
};

/** Tests may besides use what their project is run with. */
export const testsMayImport = {
  kernel: [],
  eventing: [],
  contracts: [],
  platform: [],
  store: [],
  bus: ['store'],
  edge: [],
  service: ['kernel', 'eventing', 'contracts', 'platform', 'store', 'bus'],
  app: [],
  conformance: [],
};

/** Which layers of its own service a layer may import, and of which it may import types alone. */
export const ownLayers = {
  domain: { values: ['domain'], types: [] },
  application: { values: ['domain', 'application'], types: ['read-models'] }, // the interfaces of the queries lie there
  'read-models': { values: ['domain', 'read-models'], types: [] },
  adapters: { values: ['adapters'], types: ['domain', 'application', 'read-models'] },
  module: { values: ['domain', 'application', 'read-models', 'adapters', 'module'], types: [] },
  index: { values: ['domain', 'application', 'read-models', 'adapters', 'module'], types: [] },
};

const nest = ['module', 'bus', 'edge', 'app', 'libs/platform/rpc', 'libs/platform/http'];

/** Libraries of others, and the layers, kinds or projects that may know them; tests may know all of them. */
export const packages = new Map(Object.entries({
  pg: ['adapters', 'store', 'libs/platform/postgres'],
  kysely: ['adapters', 'store', 'libs/platform/postgres'],
  fastify: ['edge', 'app', 'libs/platform/http'],
  '@nestjs/common': nest,
  '@nestjs/core': nest,
  '@nestjs/platform-fastify': nest,
  'reflect-metadata': nest,
  rxjs: nest,
  '@grpc/grpc-js': ['module', 'contracts', 'libs/platform/rpc'],
  '@bufbuild/protobuf': ['contracts', 'libs/platform/rpc'],
  zod: ['libs/platform/config'],
  pino: ['libs/platform/log'],
  piscina: ['libs/platform/crypto'],
  '@node-rs/argon2': ['libs/platform/crypto'],
  jose: ['libs/platform/crypto', 'edge'],
  nodemailer: ['adapters'],
  'lru-cache': ['application', 'adapters', 'store', 'bus', 'platform', 'edge'],
  '@jest/globals': ['testing', 'conformance'],
  'fast-check': ['testing'],
  'smtp-server': ['conformance'],
  '@aws-sdk/client-cognito-identity-provider': ['conformance'],
  'amazon-cognito-identity-js': ['conformance'],
}));

/** Layers that would run in a browser: values in, values out. */
export const pureLayers = new Set(['kernel', 'domain']);
export const ambient = /(?<![\w$.'"-])(?:process|Buffer|globalThis|global|console|performance|crypto|fetch|require|setTimeout|setInterval|setImmediate|queueMicrotask)\b(?!\s*[:?]?:)|\bDate\.now\b|\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())|(?<![\w.]|new\s)Date\s*\(|\bMath\.random\b/g;

/** Where the environment may be read: by the settings, and by tests that start Rollcall as a user would. */
export const environmentReaders = ['libs/platform/config/src/', 'apps/conformance/'];

export const maxLines = { source: 400, test: 600 };

/** Names that say nothing. */
export const emptyNames = /(?:^|\/)(?:utils?|helpers?|common|types?|misc|shared)\.(?:ts|mjs)$/;
