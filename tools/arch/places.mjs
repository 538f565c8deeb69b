import { folders, projectFiles, projectKinds } from './workspace-rules.mjs';

const layerFolder = /^src\/(domain|application|read-models|adapters)\//;

/**
 * Which layer a file of a project belongs to, by its path alone; `undefined` if there is no place for such a file.
 * @param {string} dir of the project, e.g. `libs/directory` @param {string} inside path within it
 */
export function layerOf(dir, inside) {
  const kind = projectKinds.get(dir);
  if (inside.startsWith('test/')) return 'test';
  if (inside.startsWith('src/testing/')) return 'testing';
  if (kind !== 'service') return kind;
  const service = dir.slice('libs/'.length);
  if (inside === 'src/index.ts') return 'index';
  if (['module', 'grpc', 'consumer'].some((part) => inside === `src/${service}.${part}.ts`)) return 'module';
  return layerFolder.exec(inside)?.[1];
}

/** Whether a file may lie where it lies. */
export function hasPlace(dir, inside) {
  const kind = projectKinds.get(dir);
  if (inside.startsWith('test/')) return true;
  if ([...projectFiles.all, ...(projectFiles[dir] ?? [])].includes(inside)) return true;
  const folder = inside.slice(0, Math.max(0, inside.lastIndexOf('/')));
  const allowed = [...folders[kind], ...(folders[dir] ?? [])];
  if (!allowed.some((each) => (each.endsWith('/**') ? `${folder}/`.startsWith(each.slice(0, -2)) : folder === each))) return false;
  if (folder.startsWith('src')) return inside.endsWith('.ts') && layerOf(dir, inside) !== undefined;
  return inside.endsWith(folder === 'migrations' ? '.sql' : '.proto');
}
