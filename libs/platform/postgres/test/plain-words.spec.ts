import { describe, expect, it } from '@jest/globals';

import { AlreadyRunning, DatabaseUnavailable, NotPermitted, plainWords, SqlError } from '../src/index.js';

const refused = (code: string, path?: string) => Object.assign(new Error(`${code}: refused`), { code, ...(path === undefined ? {} : { path }) });

describe('what is said on the terminal', () => {
  it('names what a person can mend', () => {
    expect(plainWords(new AlreadyRunning('/data', 7))).toBe('PostgreSQL already runs on /data (process 7): is another Rollcall running there?');
    expect(plainWords(new NotPermitted('/bin/initdb does not exist'))).toBe('The database cannot be run: /bin/initdb does not exist.');
    expect(plainWords(new DatabaseUnavailable('nothing-happened', 'ECONNREFUSED'))).toMatch(/^The database cannot be reached \(ECONNREFUSED\)\./);
    expect(plainWords(new SqlError('28P01', undefined, ''))).toMatch(/refuses the user or the password/);
    expect(plainWords(new SqlError('3D000', undefined, ''))).toMatch(/does not exist: create it first/);
    expect(plainWords(new SqlError('42501', undefined, ''))).toMatch(/must be allowed to create schemas/);
    expect(plainWords(refused('EACCES', '/data/postgres'))).toMatch(/^The data folder cannot be used: EACCES: refused\. ROLLCALL_DATA_DIR names it/);
  });

  it('leaves faults of our own to their stack', () => {
    expect(plainWords(new TypeError('x is undefined'))).toBeUndefined();
    expect(plainWords(new SqlError('42703', undefined, 'column "x" does not exist'))).toBeUndefined();
    expect(plainWords(refused('ENOENT', '/app/dist/main.js'))).toBeUndefined();
    expect(plainWords(refused('EACCES'))).toBeUndefined();
  });
});
