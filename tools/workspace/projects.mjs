import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { importsIn } from './imports.mjs';

const never = new Set(['node_modules', 'dist']);

/** Names in code-unit order, which no machine's language changes. @param {Iterable<string>} names @returns {string[]} */
export const inOrder = (names) => [...names].sort((a, b) => (a < b ? -1 : Number(a > b)));

/**
 * All files below a folder, as paths relative to the root, in order; not those of build output and packages.
 * @returns {string[]}
 */
export function filesBelow(root, folder) {
  const found = [];
  const walk = (dir) => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true })) {
      const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!never.has(entry.name)) walk(path);
      } else found.push(path);
    }
  };
  if (existsSync(join(root, folder))) walk(folder);
  return inOrder(found);
}

/** A source file, read once. */
const sourceFile = (root, path) => {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, text, imports: importsIn(text) };
};

/**
 * Everything about the projects of the workspace that `sync` and `arch` work from.
 * @typedef {{ path: string, text: string, imports: import('./imports.mjs').Import[] }} SourceFile
 * @typedef {{ name: string, dir: string, manifest: any, files: string[], sources: SourceFile[] }} Project
 * @returns {Project[]} by name
 */
export function readProjects(root) {
  const files = [...filesBelow(root, 'apps'), ...filesBelow(root, 'libs')];
  const dirs = files.filter((file) => file.endsWith('/package.json')).map((file) => file.slice(0, -'/package.json'.length));
  return dirs.map((dir) => {
    const own = files.filter((file) => file.startsWith(`${dir}/`));
    const manifest = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8'));
    return { name: manifest.name, dir, manifest, files: own, sources: own.filter((file) => /\.(ts|mjs)$/.test(file)).map((file) => sourceFile(root, file)) };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}
