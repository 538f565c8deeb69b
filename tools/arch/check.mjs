import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

import { outOfStep } from '../workspace/derived.mjs';
import { isNode, packageOf } from '../workspace/imports.mjs';
import { filesBelow, readProjects } from '../workspace/projects.mjs';
import { codeOnly } from './code-only.mjs';
import { cyclesIn } from './cycles.mjs';
import { hasPlace, layerOf } from './places.mjs';
import * as rules from './workspace-rules.mjs';

/** @typedef {{ file: string, line?: number, rule: string, text: string }} Finding */

/**
 * Everything in a workspace that the rules do not allow, exceptions not yet considered.
 * @returns {Finding[]} in the order of files
 */
export function check(root) {
  const projects = readProjects(root);
  const known = projects.filter(({ dir }) => rules.projectKinds.has(dir));
  const findings = [
    ...strangers(root, projects),
    ...[...outOfStep(root, projects).keys()].map((file) => ({ file, rule: 'sync', text: 'out of step with the imports: npm run sync' })),
    ...known.flatMap((project) => projectFindings(project, projects)),
    ...cyclesBetweenProjects(projects),
    ...projects.flatMap(cyclesBetweenFiles),
    ...filesBelow(root, 'tools').filter((file) => file.endsWith('.mjs')).flatMap((file) => sizeFindings(file, readFileSync(join(root, file), 'utf8'))),
  ];
  return findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)));
}

/**
 * Findings less those excepted, and exceptions that except nothing or give no reason.
 * @param {Finding[]} findings @param {import('./exceptions.mjs').Exception[]} exceptions
 */
export function withExceptions(findings, exceptions) {
  const covers = (exception) => ({ file, rule, text }) => rule === exception.rule && file.startsWith(exception.below) && text.includes(exception.finding);
  const faults = exceptions.flatMap((exception) => [
    ...(exception.reason && /^\d{4}-\d\d-\d\d$/.test(exception.date) ? [] : ['needs a reason and a date']),
    ...(findings.some(covers(exception)) ? [] : ['is not needed']),
  ].map((text) => ({ file: exception.below, rule: 'exception', text: `the exception from ${exception.rule} ${text}` })));
  return [...findings.filter((finding) => !exceptions.some((exception) => covers(exception)(finding))), ...faults];
}

/** Entries of the tree that no rule knows. */
function strangers(root, projects) {
  const ignored = new Set((existsSync(join(root, '.gitignore')) ? readFileSync(join(root, '.gitignore'), 'utf8') : '').match(/^\/?[^/\n]+(?=\/$)/gm)?.map((line) => line.replace('/', '')));
  const unlisted = (folder, listed) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
    .filter((name) => !listed.has(name) && !ignored.has(name))
    .map((name) => ({ file: posix.join(folder, name), rule: 'top-level', text: 'not in the list of what may lie here' }));
  const code = rules.codeless.flatMap((folder) => filesBelow(root, folder)).filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const homeless = [...filesBelow(root, 'apps'), ...filesBelow(root, 'libs')].filter((file) => !projects.some(({ dir }) => file.startsWith(`${dir}/`)));
  return [
    ...unlisted('', rules.topLevel),
    ...unlisted('tools', rules.tools),
    ...code.map((file) => ({ file, rule: 'folder', text: 'no code lies here' })),
    ...homeless.map((file) => ({ file, rule: 'folder', text: 'belongs to no project' })),
    ...projects.filter(({ dir }) => !rules.projectKinds.has(dir)).map(({ dir }) => ({ file: dir, rule: 'project', text: 'not in the list of projects' })),
  ];
}

function projectFindings(project, projects) {
  const { dir, files, sources } = project;
  const inside = (file) => file.slice(dir.length + 1);
  return [
    ...files.filter((file) => !hasPlace(dir, inside(file))).map((file) => ({ file, rule: 'folder', text: 'no place for such a file' })),
    ...sources.flatMap((source) => {
      const layer = layerOf(dir, inside(source.path));
      if (layer === undefined) return []; // reported as a file without a place
      return [
        ...source.imports.flatMap((each) => {
          const text = importFault(project, source, layer, each, projects);
          return text ? [{ file: source.path, line: each.line, ...text }] : [];
        }),
        ...ambientFindings(source, layer),
        ...sizeFindings(source.path, source.text),
        ...(rules.emptyNames.test(source.path) ? [{ file: source.path, rule: 'name', text: 'named for nothing: a file is named for its subject' }] : []),
      ];
    }),
  ];
}

/** What is wrong with one import, if anything. */
function importFault(project, source, layer, { specifier, typeOnly }, projects) {
  const kind = rules.projectKinds.get(project.dir);
  if (specifier.startsWith('.')) return relativeFault(project, source, layer, specifier, typeOnly);
  if (isNode(specifier)) {
    if (rules.pureLayers.has(layer)) return { rule: 'pure', text: `${layer} uses no module of Node: ${specifier}` };
    return specifier.startsWith('node:') ? undefined : { rule: 'package', text: `write node:${specifier}` };
  }
  const name = packageOf(specifier);
  const target = projects.find((each) => each.name === name);
  if (target === undefined) {
    if (name.startsWith('@rollcall/')) return { rule: 'package', text: `there is no project ${name}` };
    const knowers = rules.packages.get(name);
    if (knowers === undefined) return { rule: 'package', text: `${name} is not in the list of libraries` };
    return layer === 'test' || [layer, kind, project.dir].some((each) => knowers.includes(each)) ? undefined : { rule: 'package', text: `${layer} may not know ${name}` };
  }
  if (specifier.endsWith('/testing') && layer !== 'test' && layer !== 'testing') return { rule: 'layer', text: `${specifier} is for tests alone` };
  if (target === project) return layer === 'test' ? undefined : { rule: 'relative', text: 'a project imports its own files by relative paths' };
  const targetKind = rules.projectKinds.get(target.dir);
  const allowed = layer === 'test' ? [...(rules.mayImport[kind] ?? []), ...rules.testsMayImport[kind]] : rules.mayImport[layer === 'testing' ? kind : layer];
  if (allowed.includes(targetKind)) return undefined;
  if (kind === 'service' && targetKind === 'service') return { rule: 'service', text: `a service never imports another: ${specifier}` };
  return { rule: 'layer', text: `${layer === 'test' ? `a test of ${kind}` : layer} may not import ${targetKind}: ${specifier}` };
}

function relativeFault(project, source, layer, specifier, typeOnly) {
  const target = posix.join(dirname(source.path), specifier);
  if (!target.startsWith(`${project.dir}/`)) return { rule: 'relative', text: `${specifier} leaves the project` };
  if (layer === 'test') return undefined;
  const targetLayer = layerOf(project.dir, target.slice(project.dir.length + 1).replace(/\.js$/, '.ts'));
  if (layer === 'testing' ? targetLayer !== 'test' : targetLayer === layer) return undefined;
  const own = rules.ownLayers[layer];
  if (own?.values.includes(targetLayer) || (typeOnly && own?.types.includes(targetLayer))) return undefined;
  return { rule: 'layer', text: `${layer} may not import ${own?.types.includes(targetLayer) ? 'values of ' : ''}its own ${targetLayer}: ${specifier}` };
}

function ambientFindings({ path, text }, layer) {
  const wanted = [
    ...(rules.pureLayers.has(layer) ? [{ rule: 'pure', pattern: rules.ambient, why: `${layer} takes values and returns values: no` }] : []),
    ...(rules.environmentReaders.some((folder) => path.startsWith(folder)) ? [] : [{ rule: 'environment', pattern: /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g, why: 'only the settings read the environment: no' }]),
  ];
  if (!wanted.some(({ pattern }) => text.search(pattern) !== -1)) return [];
  const code = codeOnly(text);
  return wanted.flatMap(({ rule, pattern, why }) => [...code.matchAll(pattern)].map((match) =>
    ({ file: path, line: code.slice(0, match.index).split('\n').length, rule, text: `${why} ${match[0].trim()}` })));
}

function sizeFindings(path, text) {
  if (path.includes('/gen/')) return [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const limit = /\/test\//.test(path) ? rules.maxLines.test : rules.maxLines.source;
  return lines > limit ? [{ file: path, rule: 'size', text: `${lines} lines, ${limit} at most` }] : [];
}

function cyclesBetweenProjects(projects) {
  const edges = new Map(projects.map(({ name, dir, sources }) => [name, new Set(sources
    .filter(({ path }) => path.startsWith(`${dir}/src/`))
    .flatMap(({ imports }) => imports.map(({ specifier }) => packageOf(specifier)))
    .filter((target) => target !== name && projects.some((each) => each.name === target)))]));
  return cyclesIn(edges).map((cycle) => ({ file: projects.find(({ name }) => name === cycle[0]).dir, rule: 'cycle', text: `projects import each other: ${cycle.join(' -> ')}` }));
}

function cyclesBetweenFiles({ dir, sources }) {
  const edges = new Map(sources.map(({ path, imports }) => [path, imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(dirname(path), specifier).replace(/\.js$/, '.ts'))]));
  return cyclesIn(edges).map((cycle) => ({ file: cycle[0], rule: 'cycle', text: `files import each other: ${cycle.map((file) => file.slice(dir.length + 1)).join(' -> ')}` }));
}
