/**
 * The only way round a rule: findings named by rule, place and text, with why and since when. One that matches nothing
 * is reported, so that the list does not outlive its reasons.
 *
 * @typedef {{ below: string, rule: string, finding: string, reason: string, date: string }} Exception
 * @type {Exception[]}
 */
export const exceptions = [
  {
    below: 'libs/platform/rpc/',
    rule: 'layer',
    finding: 'may not import contracts',
    reason: 'binds what the contracts define: call context, refusals, service definitions (docs/adr/2026-11-24-rpc-knows-the-contracts.md)',
    date: '2026-11-24',
  },
  {
    below: 'apps/cli/rollcall.mjs',
    rule: 'relative',
    finding: 'tools/workspace/compile.mjs leaves the project',
    reason: 'the launcher of the command line: it compiles the app before anything of it can be imported',
    date: '2026-11-24',
  },
  {
    below: 'apps/cli/rollcall.mjs',
    rule: 'environment',
    finding: 'process.env',
    reason: 'reads where Node keeps compiled code (NODE_COMPILE_CACHE), before the settings can be imported',
    date: '2026-11-24',
  },
];
