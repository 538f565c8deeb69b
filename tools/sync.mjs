/**
 * Keeps what can be derived from imports in step with them: each project's dependencies (workspace ones as "*", others
 * at the version installed) and the TypeScript references of each project and of the root. `--check` only reports.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';

const check = process.argv.includes('--check');
const root = join(import.meta.dirname, '..');
const stale = [];

/** @type {Map<string, {dir: string, manifest: any}>} */
const projects = new Map();
for (const file of globSync('{apps,libs}/**/package.json', { cwd: root, exclude: (p) => /node_modules|dist/.test(p) })) {
  const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
  projects.set(manifest.name, { dir: dirname(file), manifest });
}

const importPattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+|\brequire\.resolve\(\s*)['"]([^'"]+)['"]/gm;

/** Package names imported by the TypeScript files below a folder. */
function importsOf(dir, sub) {
  const names = new Set();
  for (const file of globSync(`${dir}/${sub}/**/*.{ts,mjs}`, { cwd: root })) {
    for (const [, spec] of readFileSync(join(root, file), 'utf8').matchAll(importPattern)) {
      if (spec.startsWith('.') || spec.startsWith('node:') || builtinModules.includes(spec)) continue;
      names.add(spec.startsWith('@') ? spec.split('/').slice(0, 2).join('/') : spec.split('/')[0]);
    }
  }
  return names;
}

const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const versionOf = (name) => {
  const file = join(root, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
};

function write(file, text) {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  stale.push(file);
  if (!check) writeFileSync(path, text);
}
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const reference = (from, to, file = 'tsconfig.json') => ({ path: join(relative(from, to) || '.', file).replaceAll('\\', '/') });

const all = [];
for (const [name, { dir, manifest }] of [...projects].sort()) {
  const src = importsOf(dir, 'src');
  const test = importsOf(dir, 'test');
  src.delete(name);
  test.delete(name);
  const dependencies = {};
  const devDependencies = {};
  for (const dep of [...src].sort()) {
    if (projects.has(dep)) dependencies[dep] = '*';
    else if (!(dep in (manifest.optionalDependencies ?? {}))) dependencies[dep] = manifest.dependencies?.[dep] ?? versionOf(dep);
  }
  for (const dep of [...test].sort()) {
    if (src.has(dep)) continue;
    if (projects.has(dep)) devDependencies[dep] = '*';
    else if (!(dep in (rootManifest.devDependencies ?? {}))) devDependencies[dep] = versionOf(dep);
  }
  const { dependencies: _d, devDependencies: _dd, ...rest } = manifest;
  const next = { ...rest };
  if (Object.keys(dependencies).length > 0) next.dependencies = dependencies;
  if (Object.keys(devDependencies).length > 0) next.devDependencies = devDependencies;
  write(join(dir, 'package.json'), json(next));

  const srcRefs = [...src].filter((d) => projects.has(d)).sort().map((d) => reference(dir, projects.get(d).dir));
  write(join(dir, 'tsconfig.json'), json({
    extends: relative(dir, 'tsconfig.base.json'),
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/tsconfig.tsbuildinfo' },
    include: ['src'],
    references: srcRefs,
  }));
  all.push({ path: `${dir}/tsconfig.json` });
  if (globSync(`${dir}/test/**/*.ts`, { cwd: root }).length > 0) {
    const testRefs = [...new Set([...src, ...test])].filter((d) => projects.has(d)).sort().map((d) => reference(dir, projects.get(d).dir));
    write(join(dir, 'tsconfig.spec.json'), json({
      extends: relative(dir, 'tsconfig.base.json'),
      compilerOptions: { rootDir: '.', noEmit: true, declarationMap: false, tsBuildInfoFile: 'dist/tsconfig.spec.tsbuildinfo' },
      include: ['test'],
      references: [{ path: './tsconfig.json' }, ...testRefs],
    }));
    all.push({ path: `${dir}/tsconfig.spec.json` });
  }
}
write('tsconfig.json', json({ files: [], references: all }));

if (stale.length > 0) {
  console.log(`${check ? 'out of step with the imports (npm run sync)' : 'brought into step'}:\n  ${stale.join('\n  ')}`);
  if (check) process.exitCode = 1;
}
