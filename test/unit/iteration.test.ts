import { describe, expect, test } from 'vitest';
import { ResultsNotRetained } from 'xstate-taskpool';
import { collect, eventsOf, isPending, rejectionOf, Stage } from '../support/observing.ts';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

const bad = new Error('bad');

describe('iterating over a group', () => {
  test('gives values in the order of completion, as they come', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    const values: number[] = [];
    const loop = (async () => {
      for await (const value of group) values.push(value);
    })();
    await turn();
    await stage.finish(3);
    expect(values).toEqual([3]);
    await stage.finish(1);
    await stage.finish(2);
    await loop;
    expect(values).toEqual([3, 1, 2]);
  });

  test('later gives the same order', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    for (const n of [2, 3, 1]) await stage.finish(n);
    expect(await collect(group)).toEqual([2, 3, 1]);
  });

  test('releases what was consumed', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1, 2]);
    expect(await collect(group)).toEqual([1, 2]);
    expect(await rejectionOf(group.results())).toBeInstanceOf(ResultsNotRetained);
    expect(await rejectionOf(collect(group))).toBeInstanceOf(ResultsNotRetained);
  });

  test('twice at the same time gives everything to both', async () => {
    const pool = taskPool();
    const group = pool.map(async (n: number) => n, [1, 2, 3]);
    expect(await Promise.all([collect(group), collect(group)])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  test('twice at the same time gives a failure to both', async () => {
    const pool = taskPool();
    const group = pool.map(async () => Promise.reject(bad), [1]);
    const loops = [collect(group), collect(group)].map(rejectionOf);
    expect(await Promise.all(loops)).toEqual([bad, bad]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('and asking for results besides gives both', async () => {
    const pool = taskPool({ retain: 'none' });
    const group = pool.map(async (n: number) => n, [1, 2]);
    const both = await Promise.all([collect(group), group.results(), group.settled()]);
    expect(both).toMatchObject([
      [1, 2],
      [1, 2],
      [{ value: 1 }, { value: 2 }],
    ]);
  });

  test('throws the first failure when it comes to it, and takes it away', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 2 });
    const values: number[] = [];
    const loop = (async () => {
      for await (const value of group) values.push(value);
    })();
    const failure = rejectionOf(loop);
    await stage.finish(1);
    await stage.fail(2, bad);
    expect(await failure).toBe(bad);
    expect(values).toEqual([1]);
    await stage.finish(3);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('throws what its source threw, after the values', async () => {
    const source = (function* () {
      yield 1;
      throw bad;
    })();
    const pool = taskPool();
    const values: number[] = [];
    const loop = async () => {
      for await (const value of pool.map((n: number) => n, source)) values.push(value);
    };
    expect(await rejectionOf(loop())).toBe(bad);
    expect(values).toEqual([1]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('throws the reason of a cancellation', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    const failure = rejectionOf(collect(group));
    await turn();
    group.cancel('why');
    expect(await failure).toBe('why');
  });

  test('of a group without tasks ends at once', async () => {
    expect(await collect(taskPool().map((n: number) => n, []))).toEqual([]);
  });
});

describe('leaving the loop early', () => {
  function* endless() {
    for (let n = 0; ; n++) yield n;
  }

  test('stops the source; what runs continues', async () => {
    const stage = new Stage();
    const pool = taskPool();
    let closed = false;
    const source = (function* () {
      try {
        yield* endless();
      } finally {
        closed = true;
      }
    })();
    const group = pool.map(stage.work, source, { numConcurrent: 2, groupName: 'mine' });
    const loop = (async () => {
      for await (const value of group) return value;
      throw new Error('expected a value, got none');
    })();
    await turn();
    await stage.finish(0);
    expect(await loop).toBe(0);
    await turn();
    expect(closed).toBe(true);
    expect(eventsOf(pool, 'group.exhausted')).toEqual([
      { type: 'group.exhausted', group: 'mine', created: 3 },
    ]);
    await stage.finish(1, 2);
    await pool.untilIdle();
    expect(pool.totals).toMatchObject({ created: 3, fulfilled: 3, cancelled: 0 });
  });

  test('lets a pool close that waits for it', async () => {
    async function* stuck() {
      yield 1;
      await new Promise(() => {});
    }
    const pool = taskPool();
    const group = pool.map((n: number) => n, stuck());
    const closed = pool.gatherAndClose();
    for await (const _ of group) {
      expect(await isPending(closed)).toBe(true);
      break;
    }
    await closed;
    expect(pool.isClosed).toBe(true);
  });

  test('keeps the failures that were not come to', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    await stage.finish(1);
    for await (const _ of group) {
      await stage.fail(2, bad);
      break;
    }
    await stage.fail(3, new Error('later'));
    const error = await rejectionOf(pool.gatherAndClose());
    expect((error as AggregateError).errors).toEqual([bad, new Error('later')]);
  });

  test('by an error does the same', async () => {
    const pool = taskPool();
    const loop = async () => {
      for await (const _ of pool.map(async (n: number) => n, endless())) throw bad;
    };
    expect(await rejectionOf(loop())).toBe(bad);
    await pool.gatherAndClose();
    expect(pool.isClosed).toBe(true);
  });

  test('ends a next() that waits, at once, and starts nothing more', async () => {
    const stage = new Stage();
    const pool = taskPool();
    let closed = 0;
    const source = (function* () {
      try {
        yield* endless();
      } finally {
        closed++;
      }
    })();
    const iterator = pool.map(stage.work, source)[Symbol.asyncIterator]();
    const steps = [iterator.next(), iterator.next()];
    await turn();
    const done = { done: true, value: undefined };
    expect(await iterator.return()).toEqual(done);
    expect(await Promise.all(steps)).toEqual([done, done]);
    expect([stage.started, closed]).toEqual([[0], 1]);
    await stage.finish(0);
    expect(await iterator.next()).toEqual(done);
    expect(stage.started).toEqual([0]);
    await pool.gatherAndClose();
  });

  test('before the first next() stops the source', async () => {
    for (const leave of ['return', 'dispose', 'throw'] as const) {
      const stage = new Stage();
      const pool = taskPool();
      const iterator = pool.map(stage.work, endless())[Symbol.asyncIterator]();
      await turn();
      if (leave === 'return') await iterator.return();
      else if (leave === 'dispose') await iterator[Symbol.asyncDispose]();
      else expect(await rejectionOf(iterator.throw(bad))).toBe(bad);
      await stage.finish(0);
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
      await pool.gatherAndClose();
      expect(stage.started).toEqual([0]);
    }
  });

  test('by the failure of a task starts nothing more', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const iterator = pool.map(stage.work, endless())[Symbol.asyncIterator]();
    const steps = [rejectionOf(iterator.next()), iterator.next()];
    await stage.fail(0, bad);
    expect(await Promise.all(steps)).toEqual([bad, { done: true, value: undefined }]);
    expect(stage.started).toEqual([0]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('of a group that is paused stops its source too', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, endless());
    group.pause();
    await group[Symbol.asyncIterator]().return();
    await pool.gatherAndClose();
    expect(pool.totals.created).toBe(0);
  });

  test('by a subscriber who sees the task end keeps the events in order', async () => {
    const pool = taskPool();
    const iterator = pool
      .map((n: number) => n, endless(), { groupName: 'g' })
      [Symbol.asyncIterator]();
    pool.on('task.ended', () => void iterator.return());
    await iterator.next();
    await pool.gatherAndClose();
    expect(eventsOf(pool).at(-3)).toEqual({ type: 'group.exhausted', group: 'g', created: 1 });
    expect(pool.totals.created).toBe(1);
  });

  test('of one of two loops leaves the other what is on its way', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2], { numConcurrent: 2 });
    const all = collect(group);
    await turn();
    const first = (async () => {
      for await (const value of group) return value;
      throw new Error('expected a value, got none');
    })();
    await turn();
    await stage.finish(2);
    expect(await first).toBe(2);
    await stage.finish(1);
    expect(await all).toEqual([2, 1]);
  });
});

describe('a consumer that is far behind', () => {
  test('gets every value, in the order of completion, whenever it takes some', async () => {
    const count = 5000;
    const gate = new Gate();
    async function* source() {
      for (let n = 0; n < count; n++) {
        if (n === 4000) await gate.promise;
        yield n;
      }
    }
    const pool = taskPool({ retain: 'none' });
    const values = pool.map(async (n: number) => n, source(), { numConcurrent: 50 });
    const taken: number[] = [];
    const iterator = values[Symbol.asyncIterator]();
    const take = async (upTo: number) => {
      while (taken.length < upTo) taken.push((await iterator.next()).value as number);
    };
    await take(1);
    while (pool.totals.fulfilled < 4000) await turn();
    await take(3500);
    gate.resolve();
    await take(count);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(taken).toEqual(Array.from({ length: count }, (_, n) => n));
  });
});
