/**
 * What a TypeScript or JavaScript file imports, found without a parser: TypeScript 7 has none to call, and this is read
 * some hundred times in a run. Comment lines do not count. `import { type A }` is no type import: with verbatimModuleSyntax
 * it still loads the module.
 */
import { builtinModules } from 'node:module';

const statement = /^[ \t]*(?:import|export)\b(?<clause>[^'"`;]*?)\bfrom\s*['"](?<from>[^'"\n]+)['"]|^[ \t]*import\s*['"](?<effect>[^'"\n]+)['"]|\bimport\s*\(\s*['"](?<dynamic>[^'"\n]+)['"]|\brequire(?:\.resolve)?\s*\(\s*['"](?<required>[^'"\n]+)['"]/gm;

/** Lines of comments made blank, so that line numbers stay. */
const withoutCommentLines = (text) => text.replace(/^[ \t]*\/\/.*$/gm, '').replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ''));

/**
 * @typedef {{ specifier: string, typeOnly: boolean, line: number }} Import
 * @param {string} text source
 * @returns {Import[]}
 */
export function importsIn(text) {
  const source = withoutCommentLines(text);
  const found = [];
  let line = 1;
  let counted = 0;
  for (const match of source.matchAll(statement)) {
    const { clause, from, effect, dynamic, required } = match.groups;
    for (; counted < match.index; counted++) if (source.charCodeAt(counted) === 10) line++;
    found.push({ specifier: from ?? effect ?? dynamic ?? required, typeOnly: clause !== undefined && /^\s*type\b/.test(clause), line });
  }
  return found;
}

/** `@scope/name` or `name` of a bare specifier; `undefined` for relative ones and Node's own modules. */
export function packageOf(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('/') || isNode(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

export const isNode = (specifier) => specifier.startsWith('node:') || builtinModules.includes(specifier);
