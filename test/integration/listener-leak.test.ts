/** However many tasks run under one signal, it has one listener, and in the end it has none. */

import { getEventListeners, setMaxListeners } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Queue, type TaskContext } from 'xstate-taskpool';
import { isLong } from '../support/length.ts';
import { Gate, simplePool, taskPool, turn } from '../support/pools.ts';

const POOLS = isLong ? 1000 : 100;
const GROUPS = isLong ? 20_000 : 2000;
const TASKS = isLong ? 100_000 : 5000;

let parent: AbortController;
let warnings: string[];
const onWarning = ({ name }: Error) => warnings.push(name);

beforeEach(() => {
  parent = new AbortController();
  // Signals have no limit of their own, and warn of nothing.
  setMaxListeners(1, parent.signal);
  warnings = [];
  process.on('warning', onWarning);
});

afterEach(async () => {
  await turn();
  process.off('warning', onWarning);
});

const numListeners = (): number => getEventListeners(parent.signal, 'abort').length;

/** Counts the listeners of the parent while tasks run. */
class Counter {
  readonly counts = new Set<number>();
  calls = 0;

  /** A task that uses its own signal, and never says that it does so no longer. */
  task = async (_item: unknown, { signal }: TaskContext): Promise<void> => {
    signal.addEventListener('abort', () => {});
    if (this.calls++ % 100 === 0) this.counts.add(numListeners());
  };
}

test('a second listener would be noticed', async () => {
  for (let i = 0; i < 2; i += 1) parent.signal.addEventListener('abort', () => {});
  await turn();
  expect(numListeners()).toBe(2);
  expect(warnings).toEqual(['MaxListenersExceededWarning']);
});

test('many tasks of a group with a signal', async () => {
  const { signal } = parent;
  const pool = taskPool({ retain: 'none' });
  const counter = new Counter();

  pool.map(counter.task, Array(TASKS).keys(), { numConcurrent: 100, signal });
  expect(numListeners()).toBe(1);
  await pool.untilIdle();

  expect([counter.calls, ...counter.counts]).toEqual([TASKS, 1]);
  expect(numListeners()).toBe(0);
  expect(warnings).toEqual([]);
});

test('many groups with one signal', async () => {
  const { signal } = parent;
  const pool = taskPool({ poolSize: 1000, retain: 'none' });
  const counter = new Counter();

  for (let i = 0; i < GROUPS; i += 1) pool.apply(counter.task, [i], { signal });
  expect(numListeners()).toBe(1);
  await pool.untilIdle();

  expect([counter.calls, ...counter.counts]).toEqual([GROUPS, 1]);
  expect(numListeners()).toBe(0);
  expect(warnings).toEqual([]);
});

test('many tasks of a pool with a signal, which it has until it is closed', async () => {
  const { signal } = parent;
  const pool = taskPool({ signal, retain: 'none' });
  const counter = new Counter();

  pool.map(counter.task, Array(TASKS).keys(), { numConcurrent: 100 });
  await pool.untilIdle();
  expect([counter.calls, ...counter.counts]).toEqual([TASKS, 1]);
  expect(numListeners()).toBe(1);
  await pool.gatherAndClose({ signal });

  expect(numListeners()).toBe(0);
  expect(warnings).toEqual([]);
});

test('many pools and their groups under one signal', async () => {
  const { signal } = parent;
  const counter = new Counter();
  const pools = Array.from({ length: POOLS }, () => taskPool({ signal }));

  for (const pool of pools) pool.map(counter.task, [1, 2, 3], { signal });
  await pools[0]?.gatherAndClose({ signal });
  expect(numListeners()).toBe(1);
  await Promise.all(pools.map((pool) => pool.gatherAndClose({ signal })));

  expect([counter.calls, ...counter.counts]).toEqual([3 * POOLS, 1]);
  expect(numListeners()).toBe(0);
  expect(warnings).toEqual([]);
});

test('many running tasks are all cancelled by the one listener', async () => {
  const { signal } = parent;
  const pool = taskPool({ signal, retain: 'none' });
  const gate = new Gate();
  const group = pool.apply(
    async (context: TaskContext) => {
      await gate.promise;
      context.signal.throwIfAborted();
    },
    [],
    { num: TASKS, signal },
  );
  await turn();
  expect([group.numRunning, numListeners()]).toEqual([TASKS, 1]);

  parent.abort('enough');
  gate.resolve();
  await pool.untilClosed();

  expect(pool.totals).toMatchObject({ started: TASKS, cancelled: TASKS });
  expect(numListeners()).toBe(0);
});

test('tasks that start and stop under the signal of their pool', async () => {
  const { signal } = parent;
  const pool = simplePool(
    ({ signal }: TaskContext) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    [],
    { signal, retain: 'none' },
  );

  for (let i = 0; i < 100; i += 1) {
    pool.start(100);
    await turn();
    expect([pool.stop(100).length, numListeners()]).toEqual([100, 1]);
    await pool.untilIdle();
  }
  await pool.gatherAndClose();

  expect(pool.totals.cancelled).toBe(10_000);
  expect(numListeners()).toBe(0);
});

test('10,000 workers that wait for a queue under one signal', async () => {
  const { signal } = parent;
  const queue = new Queue<number>();
  const items = Array.from({ length: 10_000 }, () => queue.get({ signal }));
  expect(numListeners()).toBe(1);

  for (let i = 0; i < 10_000; i += 1) queue.putNowait(i);

  expect(new Set(await Promise.all(items)).size).toBe(10_000);
  expect(numListeners()).toBe(0);
  expect(warnings).toEqual([]);
});
