import { describe, expect, it } from '@jest/globals';

import { killRounds, type Victim } from '../src/kill-rounds.js';

const MINUTES = 60_000;

describe('kill -9 under load', () => {
  it.each<Victim>(['the process', 'PostgreSQL'])('K4: of %s, 20 rounds, loses nothing acknowledged and leaves no effect without its record', async (victim) => {
    await expect(killRounds(victim, 20)).resolves.toBeUndefined();
  }, 30 * MINUTES);
});
