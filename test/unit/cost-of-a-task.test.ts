/** What a task costs, counted: nothing is thrown for it, and few promises are made. */

import { afterAll, describe, expect, test } from 'vitest';
import { MemoryStore, type PoolOptions, type TaskContext } from 'xstate-taskpool';
import { staysBelow } from '../support/cost.ts';
import { simplePool, taskPool, turn } from '../support/pools.ts';
import { promisesDuring } from '../support/promises.ts';
import { ThrowWatch } from '../support/thrown.ts';

const double = async (n: number) => 2 * n;

async function failsFirst(n: number, { attempt }: TaskContext): Promise<number> {
  if (attempt === 1) throw new Error('once');
  return n;
}

function untilCancelled({ signal }: TaskContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', function gives() {
      reject(signal.reason);
    });
  });
}

const functions = { double, failsFirst, untilCancelled };
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

interface Way {
  /** Runs so many tasks to their end. */
  readonly run: (count: number, options: PoolOptions) => Promise<unknown>;
  /** The function of ours that throws once for each task. */
  readonly throws?: string;
  /** How many promises are made for a task, without a journal and with one. */
  readonly promises: readonly [number, number];
}

const ways: Record<string, Way> = {
  submit: {
    run: (count, options) => {
      const pool = taskPool(options);
      return Promise.all(upTo(count).map((n) => pool.submit(double, [n])));
    },
    promises: [8, 10],
  },
  'submit with a key and a priority': {
    run: (count, options) => {
      const pool = taskPool({ ...options, limits: { host: { concurrent: 2 } } });
      const terms = (n: number) => ({
        unique: `${n}`,
        priority: n % 3,
        limits: { host: `${n % 2}` },
      });
      return Promise.all(upTo(count).map((n) => pool.submit(double, [n], terms(n))));
    },
    promises: [7.4, 9.4],
  },
  map: {
    run: (count, options) =>
      taskPool(options).map(double, upTo(count), { numConcurrent: 3 }).results(),
    promises: [2.4, 2.4],
  },
  'map that is iterated': {
    run: async (count, options) => {
      for await (const _ of taskPool({ ...options, retain: 'none' }).map(double, upTo(count)));
    },
    promises: [4, 4],
  },
  apply: {
    run: (count, options) => taskPool(options).apply(double, [1], { num: count }).results(),
    promises: [4, 4],
  },
  'calls of apply': {
    run: (count, options) => {
      const pool = taskPool({ ...options, poolSize: 2 });
      return Promise.all(upTo(count).map((n) => pool.apply(double, [n]).results()));
    },
    promises: [8.5, 8.5],
  },
  start: {
    run: (count, options) => {
      const pool = simplePool(double, [1], options);
      pool.start(count);
      return pool.untilIdle();
    },
    promises: [4, 4],
  },
  retries: {
    run: (count, options) =>
      taskPool(options)
        .map(failsFirst, upTo(count), { retry: { limit: 1, delay: 0 } })
        .results(),
    throws: 'failsFirst',
    promises: [5.8, 5.8],
  },
  'submit with retries': {
    run: (count, options) => {
      const pool = taskPool(options);
      const retry = { limit: 1, delay: 0 };
      return Promise.all(upTo(count).map((n) => pool.submit(failsFirst, [n], { retry })));
    },
    throws: 'failsFirst',
    promises: [17, 19],
  },
  cancel: {
    run: async (count, options) => {
      const pool = taskPool(options);
      const group = pool.apply(untilCancelled, [], { num: count });
      await turn();
      for (const id of group.ids) pool.cancel(id);
      await pool.untilIdle();
    },
    throws: 'gives',
    promises: [4, 4],
  },
};

const journals = [
  ['without a journal', 0, () => ({})],
  ['with a journal', 1, () => ({ functions, journal: new MemoryStore() })],
] as const;

/** Numbers of tasks: what the call and the runner of the tests cost hardly shows in the difference. */
const FEW = 30;
const MANY = 230;

describe.each(journals)('%s', (_, place, options) => {
  const watch = new ThrowWatch();
  afterAll(() => watch.end());

  test.each(Object.entries(ways))('nothing is thrown: %s', async (_, { run, throws }) => {
    await run(2, options());
    const places = await watch.during(() => run(10, options()));
    const ours = throws === undefined ? [] : Array(10).fill(expect.stringMatching(`^${throws} `));
    expect(places).toEqual(ours);
  });

  test.each(Object.entries(ways))('promises are few: %s', async (_, { run, promises }) => {
    await run(2, options());
    // One more for each task would be too many.
    await staysBelow(promises[place] + 0.7, 'promises for a task', async () => {
      const few = await promisesDuring(() => run(FEW, options()));
      const many = await promisesDuring(() => run(MANY, options()));
      return (many - few) / (MANY - FEW);
    });
  });
});
