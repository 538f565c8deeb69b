/** npm run arch: is every file where it may be, and does it import only what it may? Fails on whatever no rule knows. */
import { join } from 'node:path';

import { check, withExceptions } from './check.mjs';
import { exceptions } from './exceptions.mjs';

const findings = withExceptions(check(join(import.meta.dirname, '../..')), exceptions);
for (const { file, line, rule, text } of findings) console.log(`${file}${line ? `:${line}` : ''}  ${rule}  ${text}`);
console.log(findings.length === 0 ? `boundaries: nothing found, ${exceptions.length} exceptions` : `boundaries: ${findings.length} found`);
if (findings.length > 0) process.exitCode = 1;
