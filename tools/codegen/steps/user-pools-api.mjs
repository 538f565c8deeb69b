/** Types and facts of the user pools API from its model alone, never from an SDK: those are test clients. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../api/files.mjs';
import { keepFolder } from '../keep-folder.mjs';

const model = join(import.meta.dirname, '../models/cognito-idp.json');

export const run = async (options) => keepFolder('libs/edge/cognito-user-pools/src/gen', filesOf(JSON.parse(readFileSync(model, 'utf8'))), options);
