/** Times that are longer than timers of the platform can wait. */

import { expect, test } from 'vitest';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { LONGEST_TIMEOUT, later } from '../../src/kit/later.ts';

/** A platform whose timers are numbers, and at once if they are to wait for too long. */
function timeouts() {
  const clock = new SimulatedClock();
  const ids = new Map<number, unknown>();
  return {
    clock,
    setTimeout(run: () => void, ms: number) {
      ids.set(ids.size, clock.setTimeout(run, ms > LONGEST_TIMEOUT ? 1 : ms));
      return ids.size - 1;
    },
    clearTimeout: (id: unknown) => clock.clearTimeout(ids.get(id as number)),
  };
}

test.each([5, LONGEST_TIMEOUT, LONGEST_TIMEOUT + 1, 5 * LONGEST_TIMEOUT])(
  '%i milliseconds are waited for',
  async (ms) => {
    const platform = timeouts();
    let isOver = false;
    later(ms, () => (isOver = true), platform, false);
    await platform.clock.pass(ms - 1);
    expect(isOver).toBe(false);
    await platform.clock.pass(1);
    expect(isOver).toBe(true);
  },
);

test('Infinity is never, and a wait can be ended in any of its parts', async () => {
  const platform = timeouts();
  const called: number[] = [];
  later(Number.POSITIVE_INFINITY, () => called.push(1), platform);
  const stop = later(3 * LONGEST_TIMEOUT, () => called.push(2), platform);
  await platform.clock.pass(2 * LONGEST_TIMEOUT);
  stop();
  await platform.clock.pass(9 * LONGEST_TIMEOUT);
  expect(called).toEqual([]);
});
