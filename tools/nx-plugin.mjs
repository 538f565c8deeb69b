/** Infers build, test and lint for every project of the workspace, so that `nx affected -t build,test,lint` works. */
import { dirname } from 'node:path';

const jest = 'node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js -c jest.config.mjs --passWithNoTests';

export const createNodesV2 = [
  '{apps,libs}/**/package.json',
  (files) => files.filter((file) => !/node_modules|dist/.test(file)).map((file) => {
    const root = dirname(file);
    return [file, {
      projects: {
        [root]: {
          root,
          targets: {
            build: { command: `tsc -b ${root}`, dependsOn: ['^build'], cache: true, inputs: ['production', '^production'], outputs: [`{projectRoot}/dist`] },
            test: { command: `${jest} ${root}/test`, cache: true, inputs: ['default', '^production'] },
            lint: { command: `oxlint --type-aware ${root}`, cache: true, inputs: ['default', '^production'] },
          },
        },
      },
    }];
  }),
];
