import { execFile } from 'node:child_process';
import { join } from 'node:path';

import type { Rollcall } from './rollcall-process.js';

const command = join(import.meta.dirname, '../../cli/rollcall.mjs');
const MOST_OUTPUT_BYTES = 256 * 2 ** 20;

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `rollcall` as an operator would, beside a running Rollcall or without one. */
export function operate({ dataDir }: Pick<Rollcall, 'dataDir'>, ...args: readonly string[]): Promise<CommandResult> {
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROLLCALL_') && name !== 'NODE_OPTIONS')), ROLLCALL_DATA_DIR: dataDir };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, ...args], { env, maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** A record of the audit trail, as the command line prints it. */
export interface AuditRecord {
  readonly operation: string;
  readonly outcome: string;
  readonly correlationId: string;
  readonly eventIds: readonly string[];
  readonly caller: { readonly kind: string; readonly id: string };
  readonly poolId?: string;
  readonly clientId?: string;
  readonly sub?: string;
  readonly nameHash?: string;
  readonly source?: string;
}

/** The whole audit trail, the oldest first. @throws {Error} with what a command said that failed */
export async function auditRecords(rollcall: Pick<Rollcall, 'dataDir'>): Promise<readonly AuditRecord[]> {
  const { code, stdout, stderr } = await operate(rollcall, 'audit', 'tail', '--all', '--json');
  if (code !== 0) throw new Error(`rollcall audit tail ended with ${code}\n${stderr}`);
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as AuditRecord);
}
