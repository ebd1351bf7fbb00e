/** Policies over a back end of limited capacity, under a simulated clock. */

import { describe, expect, test } from 'vitest';
import { aimd, autosize, gradient, type SizePolicy, smallest } from 'xstate-taskpool/autosize';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { Backend } from '../../support/backend.ts';
import { isLong } from '../../support/length.ts';
import { taskPool } from '../../support/pools.ts';

const SAMPLES = isLong ? 400 : 70;
const MIN = isLong ? 2 : 8;
const MAX = 400;

/** A pool that always has work for the back end. */
function load(backend: Backend, clock: SimulatedClock, policy: SizePolicy) {
  const pool = taskPool({ clock, retain: 'none' });
  const sizer = autosize(pool, { min: MIN, max: MAX, policy, interval: 100 });
  const always = (function* () {
    for (;;) yield 0;
  })();
  pool.map(backend.request, always, { numConcurrent: Number.POSITIVE_INFINITY });
  const sizes: number[] = [];
  /** Until so many more samples were taken; gives the size after each. */
  const samples = async (count: number) => {
    const from = sizes.length;
    while (sizes.length < from + count) {
      const before = sizer.numSamples;
      await clock.pass(100);
      if (sizer.numSamples > before) sizes.push(pool.poolSize);
    }
    return sizes.slice(from);
  };
  const stop = () => {
    pool.cancelAll();
    void pool.gatherAndClose({ returnExceptions: true });
  };
  return { pool, sizer, samples, sizes, stop };
}

/** After how many samples all sizes are within a share of a capacity. */
const foundAfter = (sizes: readonly number[], capacity: number, share: number) =>
  sizes.findLastIndex((size) => Math.abs(size / capacity - 1) > share + 1e-9) + 1;

const SETTINGS: [
  name: string,
  policy: () => SizePolicy,
  beyond: 'wait' | 'refuse',
  spread: number,
][] = [
  ['aimd by failures', () => aimd(), 'refuse', 0],
  ['aimd by latency', () => aimd({ maxLatency: 105 }), 'wait', 0],
  ['gradient', () => gradient(), 'wait', 0],
  ['gradient over times that vary by 30 %', () => gradient(), 'wait', 0.3],
  ['the smaller of both', () => smallest(gradient(), aimd()), 'wait', 0],
];

describe.each(isLong ? SETTINGS : SETTINGS.slice(1, 4))('%s', (_, policy, beyond, spread) => {
  test.each(isLong ? [20, 60, 150] : [20])(
    'finds a capacity of %i in 200 samples, again after it halves and doubles, and stays',
    async (capacity) => {
      const clock = new SimulatedClock();
      const backend = new Backend(clock, capacity, beyond);
      backend.spread = spread;
      const { samples, sizes, stop } = load(backend, clock, policy());
      for (const share of isLong ? [1, 0.5, 1, 2, 1] : [1, 0.5, 1]) {
        backend.capacity = capacity * share;
        const all = await samples(SAMPLES);
        const after = foundAfter(all, backend.capacity, 0.2);
        expect(after, all.join(' ')).toBeLessThanOrEqual(200);
      }
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(MIN);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX);
      stop();
    },
    120_000,
  );
});
