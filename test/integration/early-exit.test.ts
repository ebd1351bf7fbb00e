/** A `for await` over a group that is left early: the source is closed, what runs finishes. */

import { describe, expect, test } from 'vitest';
import type { TaskPool } from 'xstate-taskpool';
import { Gate, taskPool, turn } from '../support/pools.ts';

/** What happened, in order. */
let log: string[];

function* synchronous() {
  try {
    for (let i = 0; ; i += 1) yield i;
  } finally {
    log.push('closed');
  }
}

async function* asynchronous() {
  try {
    for (let i = 0; ; i += 1) {
      await turn();
      yield i;
    }
  } finally {
    await turn();
    log.push('closed');
  }
}

/** Runs to the end of its turn. */
async function work(i: number): Promise<number> {
  await turn();
  log.push(`ended ${i}`);
  return i;
}

/** Leaves a loop over an endless group at its first result, in one way or another. */
const ways: Record<
  string,
  (pool: TaskPool, items: Iterable<number> | AsyncIterable<number>) => unknown
> = {
  break: async (pool, items) => {
    for await (const _ of pool.map(work, items, { numConcurrent: 3 })) break;
  },
  return: async (pool, items) => {
    for await (const i of pool.map(work, items, { numConcurrent: 3 })) return i;
    return undefined;
  },
  throw: async (pool, items) => {
    const loop = async () => {
      for await (const _ of pool.map(work, items, { numConcurrent: 3 })) throw new Error('out');
    };
    await expect(loop()).rejects.toThrow('out');
  },
  'break of an outer loop': async (pool, items) => {
    const group = pool.map(work, items, { numConcurrent: 3 });
    outer: for await (const _ of group) for (;;) break outer;
  },
  'a failing task': async (pool, items) => {
    const fail = async (i: number) => {
      await work(i);
      if (i === 0) throw new Error('no 0');
    };
    const loop = async () => {
      for await (const _ of pool.map(fail, items, { numConcurrent: 3 }));
    };
    await expect(loop()).rejects.toThrow('no 0');
  },
  'return() of the iterator': async (pool, items) => {
    const iterator = pool.map(work, items, { numConcurrent: 3 })[Symbol.asyncIterator]();
    expect(await iterator.next()).toMatchObject({ done: false });
    expect(await iterator.return(undefined)).toMatchObject({ done: true });
    expect(await iterator.next()).toMatchObject({ done: true });
  },
};

describe.each(Object.entries(ways))('left by %s', (_, leave) => {
  test.each([
    ['a generator', synchronous],
    ['an async generator', asynchronous],
  ])('%s runs its finally block, and what runs finishes', async (_, source) => {
    log = [];
    const pool = taskPool();
    await leave(pool, source());
    await pool.untilIdle();
    await turn();
    await turn();

    expect(log.filter((line) => line === 'closed')).toEqual(['closed']);
    const { created, started, cancelled } = pool.totals;
    expect(log.filter((line) => line.startsWith('ended'))).toHaveLength(created);
    expect([started, cancelled, pool.numRunning]).toEqual([created, 0, 0]);
    // Three at a time, and one that waited for a place.
    expect(created).toBeLessThanOrEqual(8);
    await pool.gatherAndClose();
  });
});

test('the source is closed at once, while tasks still run', async () => {
  log = [];
  const pool = taskPool();
  const gate = new Gate();
  const group = pool.map(async (i: number) => (i === 0 ? i : gate.promise), synchronous(), {
    numConcurrent: 3,
  });
  for await (const _ of group) break;
  await turn();

  expect(log).toEqual(['closed']);
  expect(group.numRunning).toBe(3);
  gate.resolve();
  await pool.gatherAndClose();
  expect(group.progress).toEqual({ created: 4, ended: 4 });
});

test('results that nobody took any more are retained, their failures kept', async () => {
  const pool = taskPool();
  const group = pool.map(
    async (i: number) => {
      if (i > 0) await turn();
      if (i === 2) throw new Error('no 2');
      return i;
    },
    [0, 1, 2, 3, 4, 5],
    { numConcurrent: 3 },
  );
  const settled = group.settled();
  for await (const i of group) {
    expect(i).toBe(0);
    break;
  }
  const statuses = (await settled).map(({ status }) => status);
  expect(statuses.slice(0, 3)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(statuses.length).toBeLessThan(6);
  await expect(group.results()).rejects.toMatchObject({ code: 'ResultsNotRetained' });
  expect(await pool.gatherAndClose({ returnExceptions: true })).toEqual([]);
});

test('failures after the exit stay for gatherAndClose', async () => {
  const pool = taskPool();
  const fail = async (i: number) => {
    if (i === 0) return;
    await turn();
    throw new Error(`no ${i}`);
  };
  for await (const _ of pool.map(fail, [0, 1, 2], { numConcurrent: 3 })) break;

  await expect(pool.gatherAndClose()).rejects.toMatchObject({
    errors: [{ message: 'no 1' }, { message: 'no 2' }],
  });
});

test('the exit does not wait for a source that is waiting, and drops what it still gives', async () => {
  const pool = taskPool();
  const gate = new Gate();
  const calls: string[] = [];
  const source = {
    async next() {
      calls.push('next');
      if (calls.length > 1) await gate.promise;
      return { done: false as const, value: calls.length };
    },
    async return() {
      calls.push('return');
      throw new Error('nobody hears that');
    },
  };
  const items = { [Symbol.asyncIterator]: () => source };
  for await (const i of pool.map(work, items)) {
    expect(i).toBe(1);
    break;
  }
  await pool.untilIdle();
  expect(calls).toEqual(['next', 'next', 'return']);

  gate.resolve();
  await turn();
  expect(pool.totals.created).toBe(1);
  await pool.gatherAndClose();
  expect(calls).toEqual(['next', 'next', 'return']);
});

test('a source that is through is not closed again', async () => {
  const pool = taskPool();
  let returns = 0;
  const items = {
    [Symbol.iterator]() {
      const iterator = [1, 2, 3].values();
      return {
        next: () => iterator.next(),
        return() {
          returns += 1;
          return { done: true as const, value: undefined };
        },
      };
    },
  };
  for await (const i of pool.map(work, items, { numConcurrent: 5 })) if (i === 3) break;
  for await (const _ of pool.map(work, items));
  expect(returns).toBe(0);
  for await (const _ of pool.map(work, items)) break;
  await pool.gatherAndClose();
  expect(returns).toBe(1);
});

test('other groups go on', async () => {
  log = [];
  const pool = taskPool({ poolSize: 4 });
  const others = pool.map(work, [10, 11, 12, 13, 14], { numConcurrent: 2 });
  for await (const _ of pool.map(work, synchronous(), { numConcurrent: 2 })) break;

  expect(await others.results()).toEqual([10, 11, 12, 13, 14]);
  await pool.gatherAndClose();
});
