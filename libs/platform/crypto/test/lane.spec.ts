import { describe, expect, it } from '@jest/globals';
import { boundedLane } from '../src/lane.js';

const code = (name: string) => expect.objectContaining({ name: 'DomainError', code: name });

/** Work that stands until it is let go. */
function work() {
  let letGo: (value: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const done = new Promise<string>((resolve, reject) => ((letGo = resolve), (fail = reject)));
  const state = { started: false, seat: 0, aborted: false };
  const run = (seat: number, signal: AbortSignal) => {
    Object.assign(state, { started: true, seat });
    signal.addEventListener('abort', () => ((state.aborted = true), letGo('ended')));
    return done;
  };
  return { run, state, letGo: () => letGo('done'), fail: (error: Error) => fail(error) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const long = 60_000;

describe('a bounded lane', () => {
  it('serves as many at once as it has seats, the others in turn', async () => {
    const lane = boundedLane([1, 2], { queue: 8, deadlineMs: long });
    const works = [work(), work(), work(), work()];
    const answers = works.map(({ run }, n) => lane.run(`source ${n}`, run));
    await settled();
    expect(works.map(({ state }) => state.started)).toEqual([true, true, false, false]);
    works[1]?.letGo();
    await answers[1];
    await settled();
    expect(works.map(({ state }) => state.started)).toEqual([true, true, true, false]);
    expect(works[2]?.state.seat).toBe(works[1]?.state.seat);
    for (const { letGo } of works) letGo();
    expect(await Promise.all(answers)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('refuses at once when its queue is full', async () => {
    const lane = boundedLane([1], { queue: 4, deadlineMs: long });
    const first = work();
    const admitted = [first, work(), work(), work(), work()].map((w, n) => ({ w, answer: lane.run(`source ${n}`, w.run) }));
    const late = work();
    await expect(lane.run('another', late.run)).rejects.toEqual(code('TooManyRequests'));
    first.letGo();
    await admitted[0]?.answer;
    await settled();
    const next = work();
    const answer = lane.run('another', next.run); // a place is free again
    for (const { w } of admitted) w.letGo();
    next.letGo();
    await Promise.all([...admitted.map((a) => a.answer), answer]);
    expect(late.state.started).toBe(false);
  });

  it('lets one source hold a quarter of its queue, and others the rest', async () => {
    const lane = boundedLane([1], { queue: 8, deadlineMs: long });
    const works = Array.from({ length: 9 }, work);
    const [greedy, ...others] = works;
    const answers = [lane.run('greedy', greedy?.run ?? work().run)];
    const floods = await Promise.allSettled(Array.from({ length: 20 }, async (_, n) => {
      const mine = n < 2 ? others.shift() : work();
      const answer = lane.run('greedy', mine?.run ?? work().run);
      if (n < 2) answers.push(answer);
      else await answer;
    }));
    expect(floods.filter(({ status }) => status === 'rejected')).toHaveLength(18);
    for (const [n, { run }] of others.entries()) answers.push(lane.run(`other ${n >> 1}`, run));
    expect(answers).toHaveLength(9);
    for (const { letGo } of works) letGo();
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 9 }, () => 'done'));
    const again = work();
    const answer = lane.run('greedy', again.run); // its share is free again
    again.letGo();
    expect(await answer).toBe('done');
  });

  it('gives up what waits beyond the deadline, without starting it', async () => {
    const lane = boundedLane([1], { queue: 4, deadlineMs: 5 });
    const running = work();
    const waiting = work();
    const answers = [lane.run('a', () => running.run(1, new AbortController().signal)), lane.run('b', waiting.run)];
    await expect(Promise.all(answers)).rejects.toEqual(code('DeadlineExceeded'));
    await expect(answers[1]).rejects.toEqual(code('DeadlineExceeded'));
    running.letGo();
    await lane.drain();
    expect(waiting.state.started).toBe(false);
  });

  it('ends what runs beyond the deadline, and uses its seat again', async () => {
    const lane = boundedLane([1], { queue: 4, deadlineMs: 5 });
    const stuck = work();
    await expect(lane.run('a', stuck.run)).rejects.toEqual(code('DeadlineExceeded'));
    expect(stuck.state.aborted).toBe(true);
    const next = work();
    next.letGo();
    expect(await lane.run('a', next.run)).toBe('done');
  });

  it('passes a failure on and serves the next', async () => {
    const lane = boundedLane([1], { queue: 4, deadlineMs: long });
    const [bad, good] = [work(), work()];
    const answers = [lane.run('a', bad.run), lane.run('a', good.run)];
    bad.fail(new Error('broken'));
    await expect(answers[0]).rejects.toThrow('broken');
    good.letGo();
    expect(await answers[1]).toBe('done');
  });

  it('drains: finishes what it has, and takes no more', async () => {
    const lane = boundedLane([1], { queue: 4, deadlineMs: long });
    const [running, waiting] = [work(), work()];
    const answers = [lane.run('a', running.run), lane.run('b', waiting.run)];
    let drained = false;
    const drain = lane.drain().then(() => (drained = true));
    await expect(lane.run('c', work().run)).rejects.toEqual(code('Unavailable'));
    running.letGo();
    await answers[0];
    await settled();
    expect(drained).toBe(false);
    waiting.letGo();
    await drain;
    expect(await answers[1]).toBe('done');
  });

  it('drains at once when nothing runs', async () => expect(await boundedLane([1], { queue: 4, deadlineMs: long }).drain()).toBeUndefined());
});
