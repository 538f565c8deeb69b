import { describe, expect, it } from '@jest/globals';

import { killRounds, type Victim } from '../src/kill-rounds.js';

const MINUTES = 60_000;

describe('kill -9 under load', () => {
  it.each<Victim>(['the process', 'PostgreSQL'])('K4: of %s, three rounds, loses nothing acknowledged and leaves no effect without its record', async (victim) => {
    await expect(killRounds(victim, 3)).resolves.toBeUndefined();
  }, 6 * MINUTES);
});
