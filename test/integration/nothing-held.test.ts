/** A pool lets go of what it was given, and is let go itself. */

import { expect, test } from 'vitest';
import type { PoolOptions, TaskContext, TaskGroup, TaskPool } from 'xstate-taskpool';
import { Held, memoryUsed } from '../support/memory.ts';
import { Gate, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const EACH = 20;

/**
 * Has a pool do everything at once, with objects of its own: fulfil, reject, cancel, be read and be
 * left, from all kinds of sources. Every object is shown to `held`.
 */
async function useAll(pool: TaskPool, held: Held): Promise<TaskGroup<unknown>[]> {
  const items = () => Array.from({ length: EACH }, (_, i) => held.show('item', { i }));
  const fulfil = async (_: object, context: TaskContext) => {
    held.show('context', context);
    held.show('signal', context.signal);
    context.report({ some: 'progress' });
    await turn();
    return held.show('result', { of: context.index });
  };
  const reject = async (_: object, context: TaskContext) => {
    held.show('context', context);
    throw held.show('error', new Error('no'));
  };
  const wait = (_: object, context: TaskContext) => untilAborted(held.show('context', context));
  async function* asynchronous() {
    yield* items();
  }
  const endCallback = held.show('callback', () => {});
  const options = { numConcurrent: 5, endCallback };

  const read = pool.map(fulfil, held.show('source', items()), options);
  const iterated = pool.map(fulfil, held.show('source', asynchronous()), options);
  const left = pool.map(fulfil, held.show('source', items().values()), options);
  const unread = pool.map(fulfil, items(), options);
  const tuples = items().map((item): [object] => [item]);
  const failing = pool.starmap(reject, tuples);
  const settled = pool.map(reject, items());
  const cancelled = pool.map(wait, items(), { numConcurrent: 5, cancelCallback: endCallback });
  const one = pool.apply(wait, [held.show('item', {})], { num: 3 });
  const groups = [read, iterated, left, unread, failing, settled, cancelled, one];

  await Promise.all([read.results(), settled.settled()]);
  for await (const _ of iterated);
  for await (const _ of left) break;
  await failing.results().catch(() => {});
  held.show('actor', pool.task(held.show('task', pool.task([...one.ids][0] as number)).id).actor);
  pool.cancel(...one.ids);
  pool.cancelGroup(cancelled, held.show('reason', new Error('no more')));
  await pool.untilIdle();
  return groups.map((group) => held.show('group', group));
}

/** As `useAll`, keeping no group. */
async function use(pool: TaskPool, held: Held): Promise<void> {
  await useAll(pool, held);
}

/** Forgets everything, the errors too: what a test awaits itself, it may hold. */
async function flush(pool: TaskPool): Promise<void> {
  await pool.flush({ returnExceptions: true });
}

const ALL = [
  'actor',
  'callback',
  'context',
  'error',
  'group',
  'item',
  'reason',
  'result',
  'signal',
];

test('what is shown is seen as long as it is held', async () => {
  const held = new Held();
  let kept: object | undefined = held.show('kept', {});
  held.show('lost', {});
  expect(held.shown).toEqual({ kept: 1, lost: 1 });
  expect(await held.count()).toEqual({ kept: 1 });
  kept = undefined;
  expect([kept, await held.count()]).toEqual([undefined, {}]);
});

test('a pool holds what it retains, and no items, contexts and signals of what has ended', async () => {
  const held = new Held();
  const pool = taskPool();
  await use(pool, held);

  expect(Object.keys(held.shown)).toEqual(expect.arrayContaining(ALL));
  const counts = await held.count();
  expect(counts).toMatchObject({ error: 2 * EACH, reason: 1 });
  expect(counts['result']).toBeGreaterThanOrEqual(2 * EACH);
  for (const kind of ['item', 'source', 'context', 'signal']) {
    expect(counts).not.toHaveProperty(kind);
  }
  await flush(pool);
});

test('an open pool holds nothing after a flush', async () => {
  const held = new Held();
  const pool = taskPool();
  await use(pool, held);
  await flush(pool);

  expect(Object.keys(held.shown)).toEqual(expect.arrayContaining(ALL));
  expect(await held.count()).toEqual({});
  expect(pool.isClosed).toBe(false);
});

test('a pool that retains nothing holds only errors that nobody read', async () => {
  const held = new Held();
  const pool = taskPool({ retain: 'none' });
  const fulfil = async (_: object) => held.show('result', {});
  const items = Array.from({ length: EACH }, () => held.show('item', {}));
  pool.map(fulfil, items.splice(0), { numConcurrent: 3 });
  pool.map(() => Promise.reject(held.show('error', new Error('no'))), [1, 2]);
  await pool.untilIdle();

  expect(held.shown).toEqual({ error: 2, item: EACH, result: EACH });
  expect(await held.count()).toEqual({ error: 2 });
  await flush(pool);
  expect(await held.count()).toEqual({});
});

test('a closed pool holds nothing', async () => {
  const held = new Held();
  const { signal } = new AbortController();
  const pool = taskPool({ signal });
  await use(pool, held);
  await flush(pool);
  await pool.gatherAndClose();

  expect(await held.count()).toEqual({});
  expect([pool.isClosed, signal.aborted]).toEqual([true, false]);
});

test('the groups of a closed pool hold no tasks and no results', async () => {
  const held = new Held();
  const pool = taskPool();
  const groups = await useAll(pool, held);
  await flush(pool);
  await pool.gatherAndClose();

  const { group, ...others } = await held.count();
  expect(group).toBe(groups.length);
  // What was asked for is in the promises that the groups give again.
  expect(others).toEqual({ callback: 1, error: EACH + 1, reason: 1, result: EACH });
});

test('nobody holds a closed pool, though its signal lives on', async () => {
  const held = new Held();
  const { signal } = new AbortController();
  const run = async (options: PoolOptions) => {
    const pool = held.show('pool', taskPool(options));
    held.show('pool actor', pool.actor);
    held.show('journal', pool.journal);
    pool.on(
      '*',
      held.show('subscriber', () => {}),
    );
    await use(pool, held);
    pool.map(async () => {}, [1, 2], { signal });
    await pool.gatherAndClose({ returnExceptions: true, signal });
  };
  await run({ signal });
  await run({ signal, inspect: held.show('inspector', () => {}) });

  expect(Object.keys(held.shown)).toEqual(expect.arrayContaining([...ALL, 'pool', 'subscriber']));
  expect(await held.count()).toEqual({});
  expect(signal.aborted).toBe(false);
});

test('nobody holds a pool that was forgotten without being closed', async () => {
  const held = new Held();
  const run = async () => {
    const pool = held.show('pool', taskPool());
    await use(pool, held);
    pool.map(() => new Promise(() => {}), [held.show('item', {})]);
    pool.lock();
    await turn();
  };
  await run();

  expect(await held.count()).toEqual({});
});

test('a simple pool lets go of what it has stopped', async () => {
  const held = new Held();
  const work = (argument: object, context: TaskContext) => {
    held.show('context', context);
    return untilAborted(argument, context);
  };
  const pool = simplePool(work, [{}], { retain: 'none' });
  for (let i = 0; i < EACH; i += 1) {
    held.show('group', pool.start(3));
    await turn();
    pool.stop(2);
  }
  pool.stopAll();
  await pool.untilIdle();

  expect(held.shown).toEqual({ context: 3 * EACH, group: EACH });
  expect(await held.count()).toEqual({});
});

test('the results of a loop are let go as they are taken', async () => {
  const held = new Held();
  const pool = taskPool();
  const fulfil = async (i: number) => {
    await turn();
    return held.show('result', { i });
  };
  const counts: number[] = [];
  const consume = async () => {
    const group = pool.map(fulfil, Array(300).keys(), { numConcurrent: 10 });
    for await (const { i } of group) {
      if (i % 100 !== 99) continue;
      // Or others would be finished while it is counted.
      group.pause();
      counts.push((await held.count())['result'] ?? 0);
      group.resume();
    }
  };
  await consume();

  expect(held.shown).toEqual({ result: 300 });
  expect(counts).toHaveLength(3);
  // Those that were running or had just ended, and the one that is taken.
  expect(Math.max(...counts)).toBeLessThan(25);
  expect(await held.count()).toEqual({});
  expect(pool.numEnded).toBe(300);
});

test('a paused group holds one item of an endless source', async () => {
  const held = new Held();
  const pool = taskPool({ poolSize: 2, retain: 'none' });
  const gate = new Gate();
  function* endless() {
    while (true) yield held.show('item', {});
  }
  const group = pool.map(() => gate.promise, endless(), { numConcurrent: 5 });
  await turn();
  group.pause();

  expect(await held.count()).toEqual({ item: 3 });
  group.cancel();
  gate.resolve();
  await pool.untilIdle();
  expect(await held.count()).toEqual({});
});

test('a retained task of a call of submit holds neither the promise nor the function of that', async () => {
  const held = new Held();
  const pool = taskPool({ poolSize: 2 });
  const calls = Array.from({ length: EACH }, (_, i) =>
    held.show('promise', pool.submit(held.show('function', async () => i))),
  );
  await Promise.all(calls.splice(0));

  expect(pool.snapshot().tasks).toHaveLength(EACH);
  expect(held.shown).toEqual({ promise: EACH, function: EACH });
  // Their group has the function of its first call.
  expect(await held.count()).toEqual({ function: 1 });
  await pool.gatherAndClose();
});

test.each([true, false])(
  'nobody holds the result of the last call of submit: asyncContext %s',
  async (asyncContext) => {
    const held = new Held();
    const pool = taskPool({ retain: 'none', asyncContext });
    await pool.submit(async () => held.show('result', {})).then(() => {});
    expect(await held.count()).toEqual({});
    await pool.gatherAndClose();
  },
);

test('long keys of calls of submit are not retained', async () => {
  const limits = { key: { concurrent: 1 } };
  const pool = taskPool({ retain: 'none', journal: { size: 10 }, limits });
  const call = (key: string) => pool.submit(turn, [], { limits: { key } });
  await call('short');
  const before = await memoryUsed();
  // Each text has bytes of its own, 30 MB in all.
  for (let n = 0; n < 300; n++) await call(Buffer.alloc(100_000, `${n} `).toString('latin1'));
  for (let n = 0; n < 300; n++) await call('short');
  expect((await memoryUsed()) - before).toBeLessThan(10);
});
