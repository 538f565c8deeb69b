/** The entry of a crypto worker. */
import { DomainError } from '@rollcall/kernel';
import { perform, type JobInput } from './jobs.js';
import { openSslPower } from './power.js';
import { detached, type Outcome, type Task } from './worker-message.js';

const powers = openSslPower();

export function handle(task: Task): Outcome {
  if (task.job === 'prepare') {
    powers.prepare();
    return { path: powers.path(), value: undefined };
  }
  try {
    const value = perform(task.job, task.input as JobInput<typeof task.job>, powers.power);
    return { path: powers.path(), value: detached(value) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { path: powers.path(), refused: { code: error.code, details: error.details } };
  }
}
