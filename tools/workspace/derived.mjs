import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { packageOf } from './imports.mjs';
import { inOrder } from './projects.mjs';

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const reference = (from, to) => ({ path: join(relative(from, to) || '.', 'tsconfig.json').replaceAll('\\', '/') });

/**
 * The files that follow from the imports: each project's manifest (workspace dependencies as "*", others at the version
 * installed) and the TypeScript references of each project and of the root.
 *
 * @param {import('./projects.mjs').Project[]} projects
 * @returns {Map<string, string>} path relative to the root -> text it should have
 */
export function derivedFiles(root, projects) {
  const files = new Map();
  const dirOf = new Map(projects.map(({ name, dir }) => [name, dir]));
  const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const installed = (name) => {
    const file = join(root, 'node_modules', name, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
  };
  const references = [];
  for (const { name, dir, manifest, sources } of projects) {
    const importedBelow = (sub) => new Set(sources.filter(({ path }) => path.startsWith(`${dir}/${sub}/`))
      .flatMap(({ imports }) => imports.map(({ specifier }) => packageOf(specifier)))
      .filter((imported) => imported !== undefined && imported !== name));
    const src = importedBelow('src');
    const test = importedBelow('test');
    const toProjects = (imported) => inOrder(imported).filter((each) => dirOf.has(each)).map((each) => reference(dir, dirOf.get(each)));

    const dependencies = {};
    for (const each of inOrder(src)) {
      if (dirOf.has(each)) dependencies[each] = '*';
      else if (!(each in (manifest.optionalDependencies ?? {}))) dependencies[each] = manifest.dependencies?.[each] ?? installed(each);
    }
    const devDependencies = {};
    for (const each of inOrder(test)) {
      if (src.has(each)) continue;
      if (dirOf.has(each)) devDependencies[each] = '*';
      else if (!(each in (rootManifest.devDependencies ?? {}))) devDependencies[each] = installed(each);
    }
    const { dependencies: _old, devDependencies: _oldDev, ...next } = manifest;
    if (Object.keys(dependencies).length > 0) next.dependencies = dependencies;
    if (Object.keys(devDependencies).length > 0) next.devDependencies = devDependencies;
    files.set(`${dir}/package.json`, json(next));

    files.set(`${dir}/tsconfig.json`, json({
      extends: relative(dir, 'tsconfig.base.json'),
      compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/tsconfig.tsbuildinfo' },
      include: ['src'],
      references: toProjects(src),
    }));
    references.push({ path: `${dir}/tsconfig.json` });
    if (sources.some(({ path }) => path.startsWith(`${dir}/test/`) && path.endsWith('.ts'))) {
      files.set(`${dir}/tsconfig.spec.json`, json({
        extends: relative(dir, 'tsconfig.base.json'),
        compilerOptions: { rootDir: '.', noEmit: true, declarationMap: false, tsBuildInfoFile: 'dist/tsconfig.spec.tsbuildinfo' },
        include: ['test'],
        references: [{ path: './tsconfig.json' }, ...toProjects(new Set([...src, ...test]))],
      }));
      references.push({ path: `${dir}/tsconfig.spec.json` });
    }
  }
  files.set('tsconfig.json', json({ files: [], references }));
  return files;
}

/** The derived files that are not as they should be. @returns {Map<string, string>} */
export function outOfStep(root, projects) {
  return new Map([...derivedFiles(root, projects)].filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text));
}
