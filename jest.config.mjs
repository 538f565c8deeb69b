/** Native ESM with swc: the module semantics of production. Which kind of spec runs is chosen by tools/test.mjs. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/test/**/*.spec.ts', '**/test/**/*.spec.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', {
      swcrc: false,
      sourceMaps: 'inline',
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    }],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@rollcall/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/'],
  // A loaded machine starts a server in 10 s: a timeout is there for what hangs.
  testTimeout: 60_000,
  maxWorkers: 2,
};
