import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import { MemoryStore, NotRecoverable, type PoolEvent, PoolSuspended } from 'xstate-taskpool';
import { resume, storeWith } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

/** What a store holds when it is closed: a closed one can be read no more. */
function storeThatIsLeft(sync: boolean, { kept, store } = storeOver({ sync })) {
  let left: PoolEvent[] = [];
  let isClosed = false;
  const close = async () => {
    left = [...kept];
    isClosed = true;
  };
  return {
    journal: { ...store, close },
    kept,
    get events() {
      return left;
    },
    get isClosed() {
      return isClosed;
    },
  };
}

const work = (n: number, context: { signal: AbortSignal }) => (n === 0 ? n : untilAborted(context));

describe.each([false, true])('a pool with a store that writes at once: %s', (sync) => {
  test('is suspended, and what had not ended is run by the next one', async () => {
    const called: string[] = [];
    const store = storeThatIsLeft(sync);
    const endCallback = (id: number) => called.push(`end of ${id}`);
    const pool = taskPool({ poolSize: 2, functions: { work }, journal: store.journal });
    const group = pool.map(work, [0, 1, 2, 3], { groupName: 'four', endCallback });
    const results = group.results();
    await turn();
    expect(pool.totals).toMatchObject({ started: 3, fulfilled: 1 });
    const suspended = pool.suspend({ reason: new Error('deploy') });
    expect(pool.suspend()).toBe(suspended);
    await expect(pool.submit(work, [1])).rejects.toThrow(PoolSuspended);
    expect(() => pool.map(work, [1])).toThrow(PoolSuspended);
    await suspended;
    expect(store.isClosed).toBe(true);
    const error = (await results.catch((thrown: unknown) => thrown)) as PoolSuspended;
    expect(error).toBeInstanceOf(PoolSuspended);
    expect(error).toMatchObject({ code: 'PoolSuspended', cause: new Error('deploy') });
    await pool.untilClosed();
    await expect(pool.gatherAndClose()).rejects.toThrow(PoolSuspended);
    expect(called).toEqual(['end of 0']);
    const types = store.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'task.ended')).toHaveLength(1);
    expect(types).not.toContain('task.cancelling');
    expect(types).not.toContain('pool.closing');
    expect(types.at(-1)).toBe('pool.suspended');

    const again: unknown[] = [];
    const next = await resume(await storeWith(store.events), {
      functions: { work: (n: number) => void again.push(n) },
    });
    await next.gatherAndClose();
    expect(again).toEqual([1, 2, 3]);
    expect(next.totals).toMatchObject({ fulfilled: 4 });
  });

  test('counts no suspension as an interruption, however many there are', async () => {
    const store = storeThatIsLeft(sync);
    const first = taskPool({ poolSize: 2, functions: { work }, journal: store.journal });
    const group = first.map(work, [1, 2, 3, 0], { groupName: 'four', maxInterruptions: 1 });
    void group.settled().catch(() => {});
    await turn();
    let left = store;
    let pool = first;
    for (let round = 1; round <= 10; round++) {
      await pool.suspend();
      const over = storeOver({ sync });
      await over.kept.append(JSON.parse(JSON.stringify(left.events)) as PoolEvent[]);
      left = storeThatIsLeft(sync, over);
      pool = await resume(left.journal, { functions: { work } });
      await turn();
      expect(pool.task(0)).toMatchObject({ state: 'running', attempt: round + 1 });
      // What waited has never run, and waits on as it was.
      expect(pool.task(2)).toMatchObject({ state: 'queued', attempt: 1 });
    }
    const interrupted = [...left.kept].filter(({ type }) => type === 'task.interrupted');
    expect(interrupted).toHaveLength(20);
    for (const event of interrupted) expect(event).toHaveProperty('suspended', true);
    for (const task of pool.snapshot().tasks) expect(task).not.toHaveProperty('interruptions');
    pool.cancelAll();
    await pool.gatherAndClose();
  });
});

test('what is queued in a suspended pool is run, even where what was interrupted is not', async () => {
  const store = storeThatIsLeft(true);
  const pool = taskPool({ poolSize: 1, functions: { work }, journal: store.journal });
  const group = pool.map(work, [1, 0], { groupName: 'two' });
  void group.settled().catch(() => {});
  await turn();
  await pool.suspend();
  const next = await resume(await storeWith(store.events), {
    functions: { work },
    onInterrupted: 'fail',
  });
  await next.untilIdle();
  expect(next.totals).toMatchObject({ rejected: 1, fulfilled: 1 });
  await next.gatherAndClose({ returnExceptions: true });
});

test.each([
  ['later', false],
  ['at once', true],
])(
  'nothing is written %s after a suspension, whatever comes to its end meanwhile',
  async (_, sync) => {
    const gates = [new Gate(), new Gate()];
    const functions = { wait: (n: number) => gates[n]?.promise };
    const writing = new Gate();
    let isSlow = false;
    const written: PoolEvent[] = [];
    const { store } = storeOver({
      sync,
      before: (batch) => {
        written.push(...batch);
        return isSlow ? writing.promise : undefined;
      },
    });
    const pool = taskPool({ functions, journal: store });
    const group = pool.map(functions.wait, [0, 1]);
    void group.settled().catch(() => {});
    await pool.untilDurable();
    isSlow = true;
    const suspended = pool.suspend();
    await turn();
    for (const gate of gates) gate.resolve();
    await turn();
    writing.resolve();
    await suspended;
    expect(written.at(-1)).toMatchObject({ type: 'pool.suspended' });
    expect(written.map(({ seq }) => seq)).toEqual(written.map((_, seq) => seq));
  },
);

describe.each([false, true])('where the store writes at once: %s', (sync) => {
  test('calls of several groups in the same turn are all written', async () => {
    const store = storeThatIsLeft(sync);
    const functions = { work: (n: number) => n };
    const pool = taskPool({ poolSize: 0, functions, journal: store.journal });
    const calls = [1, 2, 3].map((n) => {
      return pool.submit(functions.work, [n], { groupName: `group ${n % 2}` });
    });
    const settled = Promise.allSettled(calls);
    await pool.suspend();
    for (const each of await settled) expect(each).toHaveProperty('reason.code', 'PoolSuspended');
    const seen: number[] = [];
    const next = await resume(await storeWith(store.events), {
      functions: { work: (n: number) => seen.push(n) },
      poolSize: 1,
    });
    await next.gatherAndClose();
    expect(seen.sort()).toEqual([1, 2, 3]);
  });

  test('a checkpoint is stored in the grace, and none afterwards', async () => {
    const gate = new Gate();
    const store = storeThatIsLeft(sync);
    const functions = { hold: () => gate.promise };
    const pool = taskPool({ functions, journal: store.journal });
    void pool.apply(functions.hold);
    await turn();
    const suspended = pool.suspend({ grace: 60_000 });
    const { seq } = pool.snapshot();
    await pool.checkpoint();
    expect(await store.kept.latestCheckpoint()).toMatchObject({ seq });
    gate.resolve();
    await suspended;
    await expect(pool.checkpoint()).rejects.toThrow(PoolSuspended);
    expect(await store.kept.latestCheckpoint()).toMatchObject({ seq });
  });

  test('a checkpoint that is being stored is waited for', async () => {
    const storing = new Gate();
    const store = storeThatIsLeft(sync);
    const journal = { ...store.journal, checkpoint: () => storing.promise };
    const pool = taskPool({ functions: { work }, journal, checkpoints: { every: 2 } });
    pool.pause();
    pool.resume();
    await turn();
    const suspended = pool.suspend();
    await turn();
    await turn();
    expect(store.isClosed).toBe(false);
    storing.resolve();
    await suspended;
    expect(store.isClosed).toBe(true);
  });
});

test('a function can wait in the grace until all is written', async () => {
  const gate = new Gate();
  const writing = new Gate();
  const seen: string[] = [];
  let isSlow = false;
  const { store } = storeOver({
    before: async () => {
      if (!isSlow) return;
      await writing.promise;
      seen.push('written');
    },
  });
  const hold = async (context: object) => {
    await gate.promise;
    await (context as { untilStored(): Promise<void> }).untilStored();
    seen.push('continued');
  };
  const pool = taskPool({ functions: { hold }, journal: store });
  pool.apply(hold);
  await turn();
  isSlow = true;
  pool.pause();
  const suspended = pool.suspend({ grace: 60_000 });
  gate.resolve();
  await turn();
  expect(seen).toEqual([]);
  writing.resolve();
  await suspended;
  expect(seen.slice(0, 2)).toEqual(['written', 'continued']);
});

test('whoever waits for the pool to be idle, or to have room, gets it as well', async () => {
  const { journal } = storeThatIsLeft(false);
  const pool = taskPool({ poolSize: 1, functions: { work }, journal });
  pool.map(work, [1, 2, 3]);
  const waits = Promise.allSettled([pool.untilIdle(), pool.untilSizeBelow(1)]);
  await turn();
  const suspended = pool.suspend();
  const late = Promise.allSettled([pool.untilIdle()]);
  await suspended;
  for (const wait of [...(await waits), ...(await late)]) {
    expect(wait).toMatchObject({ status: 'rejected', reason: { code: 'PoolSuspended' } });
  }
  await expect(pool.untilIdle()).rejects.toThrow(PoolSuspended);
  await pool.untilClosed();
});

test('many that wait are rejected part by part: the event loop has its turns, and the journal stays as it is', async () => {
  const store = storeThatIsLeft(true);
  const pool = taskPool({ poolSize: 1, functions: { work }, journal: store.journal });
  pool.pause();
  const many = Array.from({ length: 10_000 }, (_, n) =>
    pool.submit(work, [n], n % 3 === 0 ? { priority: n % 7 } : {}),
  );
  const unique = { unique: 'one', onDuplicate: 'replace' } as const;
  const others = [pool.submit(work, [1], unique), pool.submit(work, [2], unique)];
  await pool.untilDurable();
  const written = store.kept.nextSeq;
  // The first turn may come before immediates have theirs, the second one does not.
  let turns = 0;
  let counting: NodeJS.Immediate;
  const count = () => {
    turns++;
    counting = setImmediate(count);
  };
  counting = setImmediate(count);
  await pool.suspend();
  clearImmediate(counting);
  expect(turns).toBeGreaterThan(0);
  const settled = await Promise.allSettled([...many, ...others]);
  expect(new Set(settled.map(({ status }) => status))).toEqual(new Set(['rejected']));
  // What waits is in the journal as it is.
  expect(store.events.slice(written).map(({ type }) => type)).toEqual(['pool.suspended']);
  const next = await resume(await storeWith(store.events), { functions: { work: () => {} } });
  next.resume();
  await next.gatherAndClose();
  // One was replaced by another with its key before.
  expect(next.totals.fulfilled).toBe(10_001);
});

test.each([
  ['gives in to its signal', untilAborted],
  ['ignores its signal', () => new Promise(() => {})],
])('whoever waits for results gets it, where a function %s', async (_what, run) => {
  const store = storeThatIsLeft(false);
  const pool = taskPool({ poolSize: 6, functions: { run }, journal: store.journal });
  const group = (numConcurrent = 1) => pool.map(run as never, [1, 2, 3], { numConcurrent });
  const [all, first, inOrder, asTheyCome] = [group(), group(), group(), group()];
  const taken = async (values: AsyncIterable<unknown>) => {
    for await (const _ of values);
  };
  // All items of this one are taken from its source.
  const whole = group(3);
  const waits = [
    all.results(),
    all.settled(),
    whole.settled(),
    first.first(),
    taken(inOrder.ordered()),
    taken(asTheyCome),
  ];
  await turn();
  waits.push(pool.task(0).result());
  const settled = Promise.allSettled(waits);
  await pool.suspend({ reason: 'deploy' });
  for (const each of await settled) {
    expect(each).toMatchObject({
      status: 'rejected',
      reason: { code: 'PoolSuspended', cause: 'deploy' },
    });
  }
  await expect(all.settled()).rejects.toThrow(PoolSuspended);
});

test('a suspension without a reason has no cause', async () => {
  const { journal } = storeThatIsLeft(false);
  const pool = taskPool({ functions: { work }, journal });
  await pool.suspend();
  const error = await pool.submit(work, [1]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PoolSuspended);
  expect(Object.hasOwn(error as Error, 'cause')).toBe(false);
});

test('a function that ignores its signal keeps nobody waiting once the grace is over', async () => {
  const clock = new SimulatedClock();
  const store = storeThatIsLeft(false);
  const gate = new Gate();
  const functions = { hold: () => gate.promise };
  const pool = taskPool({ clock, functions, journal: store.journal });
  const submitted = [
    pool.submit(functions.hold),
    pool.submit(functions.hold, [], { unique: 'one' }),
    pool.submit(functions.hold, [], { unique: 'one' }),
    pool.submit(functions.hold, [], { asyncContext: false, groupName: 'anywhere' }),
    pool.submit(functions.hold, [], { retry: 3, groupName: 'again' }),
  ];
  // Nobody awaits this one, which is no unhandled rejection.
  void pool.submit(functions.hold);
  await turn();
  const waits = [...submitted, pool.untilIdle(), pool.untilClosed(), pool.gatherAndClose()];
  let numSettled = 0;
  for (const wait of waits) wait.catch(() => numSettled++);
  const suspended = pool.suspend({ grace: 100, reason: 'deploy' });
  clock.increment(99);
  await turn();
  expect(numSettled).toBe(0);
  clock.increment(1);
  await suspended;
  for (const wait of [...waits, pool.untilIdle(), pool.untilClosed()]) {
    await expect(wait).rejects.toMatchObject({ code: 'PoolSuspended', cause: 'deploy' });
  }
  expect(pool.isClosed).toBe(false);
  gate.resolve();
  await turn();
  expect(pool.isClosed).toBe(true);
  await pool.untilClosed();
  await expect(pool.gatherAndClose()).rejects.toThrow(PoolSuspended);
  expect(store.events.filter(({ type }) => type === 'task.ended')).toEqual([]);
});

test('what waits in the grace says that the pool is being suspended', async () => {
  const gate = new Gate();
  const functions = { hold: () => gate.promise };
  const { journal } = storeThatIsLeft(false);
  const pool = taskPool({ poolSize: 1, functions, journal });
  const group = pool.map(functions.hold, [1, 2], { groupName: 'two' });
  void group.settled();
  await turn();
  const suspended = pool.suspend({ grace: 1e9 });
  expect(pool.explain('two')).toMatchObject({
    reason: { why: 'suspended' },
    sentence: "task 1 of 'two' waits: the pool is being suspended",
  });
  gate.resolve();
  await suspended;
});

test('a store that fails meanwhile makes the suspension fail with its error', async () => {
  const { store } = storeOver({
    before: (batch) => {
      if (batch.some(({ type }) => type === 'pool.suspended')) throw new Error('full');
    },
  });
  const pool = taskPool({ functions: { work }, journal: store });
  await expect(pool.suspend()).rejects.toThrow('full');
});

test('submissions that wait or run are rejected with it', async () => {
  const store = storeThatIsLeft(false);
  const pool = taskPool({ poolSize: 1, functions: { work }, journal: store.journal });
  const submitted = [pool.submit(work, [1]), pool.submit(work, [2])];
  await turn();
  await pool.suspend();
  for (const promise of submitted) await expect(promise).rejects.toThrow(PoolSuspended);
});

test('what runs has its grace to finish, and that is written', async () => {
  const clock = new SimulatedClock();
  const store = storeThatIsLeft(false);
  const gate = new Gate();
  const functions = { quick: () => gate.promise, slow: untilAborted };
  const pool = taskPool({ clock, functions, journal: store.journal });
  const quick = pool.apply(functions.quick);
  pool.apply(functions.slow);
  await turn();
  const suspended = pool.suspend({ grace: 1_000 });
  gate.resolve();
  await quick.results();
  clock.increment(999);
  await turn();
  expect(store.isClosed).toBe(false);
  clock.increment(1);
  await suspended;
  expect(store.events.filter(({ type }) => type === 'task.ended')).toHaveLength(1);
});

test('a pool of which nothing could be recovered is refused, and stays open', () => {
  const functions = { work };
  for (const pool of [
    taskPool(),
    taskPool({ journal: storeOver().store }),
    taskPool({ functions, journal: new MemoryStore() }),
  ]) {
    expect(pool.isDurable).toBe(false);
    expect(() => pool.suspend()).toThrow(NotRecoverable);
    expect(pool.status).toBe('open');
  }
});

test('no grace that is no time, and no other option is taken', () => {
  const pool = taskPool({ functions: { work }, journal: storeOver().store });
  expect(pool.isDurable).toBe(true);
  expect(() => pool.suspend({ grace: -1 })).toThrow(RangeError);
  expect(() => pool.suspend({ timeout: 1 } as never)).toThrow(TypeError);
});

test('what fails in the grace is run again by the next one, as often as its policy says', async () => {
  const store = storeThatIsLeft(true);
  let reject!: (error: Error) => void;
  const fail = () =>
    new Promise<never>((_, no) => {
      reject = no;
    });
  const pool = taskPool({ functions: { work: fail }, journal: store.journal });
  pool.map(fail, ['a'], { retry: { limit: 1, delay: 60_000 } });
  await turn();
  const suspended = pool.suspend({ grace: 60_000 });
  reject(new Error('no'));
  await suspended;
  expect(store.events.at(-2)).toMatchObject({ type: 'task.failed', attempt: 1 });
});

describe('the suspension of another pool is an error like any other', () => {
  /** What waits of a pool reject with that was suspended. */
  async function suspension(): Promise<unknown> {
    const { journal } = storeThatIsLeft(false);
    const other = taskPool({ functions: { work }, journal });
    const group = other.map(work, [1]);
    const settled = group.settled().catch((error: unknown) => error);
    await other.suspend();
    return settled;
  }

  test.each([
    ['in memory', () => ({})],
    ['with a store', () => ({ functions: { work }, journal: storeThatIsLeft(false).journal })],
  ])('of a pool %s', async (_, options) => {
    const error = await suspension();
    expect(error).toBeInstanceOf(PoolSuspended);
    const pool = taskPool({ poolSize: 1, ...options() });
    // biome-ignore lint/correctness/useYield: it fails before.
    const source = function* (): Generator<number> {
      throw error;
    };
    const failed = pool.map(work, source());
    const [settled, results] = [failed.settled(), failed.results()];
    expect(await settled).toEqual([]);
    await expect(results).rejects.toBe(error);
    expect(await failed.settled()).toEqual([]);

    const cancelled = pool.map(work, [1, 2]);
    await turn();
    cancelled.cancel(error);
    const reason = { status: 'cancelled', reason: error };
    expect(await cancelled.settled()).toMatchObject([reason, reason]);
    expect(await cancelled.settled()).toHaveLength(2);
    await pool.gatherAndClose();
  });

  test('and so is one of a store, and undefined', async () => {
    const store = { ...storeOver({ sync: false }).store };
    const failing = {
      ...store,
      append: () => Promise.reject(Object.assign(new Error('full'), { code: 'PoolSuspended' })),
    };
    const pool = taskPool({ functions: { work }, journal: failing });
    const group = pool.map(work, [0]);
    await turn();
    expect(await group.settled()).toMatchObject([{ status: 'fulfilled' }]);
    await pool.untilIdle();
    await expect(pool.submit(work, [1])).rejects.toThrow(/journal|locked/);
    await expect(pool.gatherAndClose()).rejects.toThrow('full');

    const plain = taskPool();
    const source = function* (): Generator<number> {
      yield 0;
      // biome-ignore lint/style/useThrowOnlyError: it may be anything.
      throw undefined;
    };
    expect(await plain.map(work, source()).settled()).toMatchObject([{ value: 0 }]);
    await plain.gatherAndClose({ returnExceptions: true });
  });
});
