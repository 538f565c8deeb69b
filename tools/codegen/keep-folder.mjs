import { existsSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keepFile } from './keep-file.mjs';

const root = join(import.meta.dirname, '../..');

/**
 * Makes a folder hold exactly these files, or with `check` only looks.
 * @param {Map<string, string>} files name below the folder, and text
 * @returns {string[]} files that differed, were missing or did not belong there
 */
export function keepFolder(folder, files, { check }) {
  const changed = [...files].flatMap(([file, text]) => keepFile(join(folder, file), text, { check }));
  const path = join(root, folder);
  for (const file of existsSync(path) ? globSync('**/*.*', { cwd: path }) : []) {
    if (files.has(file)) continue;
    changed.push(join(folder, file));
    if (!check) rmSync(join(path, file));
  }
  return changed;
}
