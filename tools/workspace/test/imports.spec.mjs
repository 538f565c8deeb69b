import { describe, expect, it } from '@jest/globals';

import { importsIn, packageOf } from '../imports.mjs';

const specifiers = (text) => importsIn(text).map(({ specifier }) => specifier);

describe('imports found in a source', () => {
  it('are of every form, with their lines', () => {
    expect(importsIn([
      "import a from 'a';",
      "import { b,",
      "  c } from 'b';",
      "import 'c';",
      "export * from './d.js';",
      "export type { E } from './e.js';",
      "const f = await import('f');",
      "const g = require.resolve('g/package.json');",
      "let h: import('h').H;",
    ].join('\n'))).toEqual([
      { specifier: 'a', typeOnly: false, line: 1 },
      { specifier: 'b', typeOnly: false, line: 2 },
      { specifier: 'c', typeOnly: false, line: 4 },
      { specifier: './d.js', typeOnly: false, line: 5 },
      { specifier: './e.js', typeOnly: true, line: 6 },
      { specifier: 'f', typeOnly: false, line: 7 },
      { specifier: 'g/package.json', typeOnly: false, line: 8 },
      { specifier: 'h', typeOnly: false, line: 9 },
    ]);
  });

  it('load the module unless the whole import is of types', () =>
    expect(importsIn("import { type A } from 'a';\nimport type B from 'b';").map(({ typeOnly }) => typeOnly)).toEqual([false, true]));

  it('are not in comments', () =>
    expect(specifiers("// import x from 'x';\n/**\n * import y from 'y';\n */\n/* import('z') */\nimport a from 'a';")).toEqual(['a']));

  it('are not the exports of a file itself', () => expect(specifiers("export const from = 'x';\nexport function f() { return 'a from b'; }")).toEqual([]));
});

describe('the package of a specifier', () => {
  it.each([
    ['pg', 'pg'], ['@nestjs/common/internal', '@nestjs/common'], ['zod/v4', 'zod'], ['./a.js', undefined], ['node:fs', undefined], ['fs/promises', undefined],
  ])('%s is %s', (specifier, name) => expect(packageOf(specifier)).toBe(name));
});
