import { describe, expect, test } from 'vitest';
import { ResultsNotRetained, type TaskPool, WouldDeadlock } from 'xstate-taskpool';
import { Gate, taskPool, turn } from '../support/pools.ts';

function* endless() {
  for (let n = 0; ; n++) yield n;
}

/** Takes all that a loop gives. */
async function taken<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('ordered()', () => {
  test('gives the values in the order of the input, whichever is done first', async () => {
    const pool = taskPool({ poolSize: 3 });
    const gates = [new Gate<string>(), new Gate<string>(), new Gate<string>()];
    const group = pool.map((n: number) => gates[n]?.promise, [0, 1, 2]);
    const values = taken(group.ordered());
    await turn();
    for (const n of [2, 0, 1]) {
      gates[n]?.resolve(`value ${n}`);
      await turn();
    }
    expect(await values).toEqual(['value 0', 'value 1', 'value 2']);
    await pool.gatherAndClose();
  });

  test.each([1, 2, 5])('lets at most %i be done and not taken', async (buffer) => {
    const pool = taskPool({ poolSize: 8 });
    const group = pool.map(async (n: number) => n, endless());
    const values = group.ordered({ buffer });
    await turn();
    expect(group.progress).toEqual({ created: buffer, ended: buffer });
    for (let n = 0; n < 20; n++) {
      expect(await values.next()).toEqual({ done: false, value: n });
      await turn();
      expect(group.progress).toEqual({ created: n + 1 + buffer, ended: n + 1 + buffer });
    }
    await values.return();
    await pool.gatherAndClose();
    expect(group.progress.created).toBe(20 + buffer);
  });

  test('goes on while a slow first task holds back those behind it, and no further', async () => {
    const pool = taskPool({ poolSize: 8 });
    const gate = new Gate<number>();
    const group = pool.map(async (n: number) => (n === 0 ? gate.promise : n), endless());
    const values = group.ordered({ buffer: 3 });
    const first = values.next();
    await turn();
    // The one that is waited for needs no place.
    expect(group.progress).toEqual({ created: 4, ended: 3 });
    gate.resolve(0);
    expect(await first).toEqual({ done: false, value: 0 });
    await values.return();
    await pool.gatherAndClose();
  });

  test('throws a failure in its place, and stops the source', async () => {
    const pool = taskPool({ poolSize: 2 });
    const work = async (n: number) => {
      if (n === 2) throw new Error('two');
      return n;
    };
    const values = pool.map(work, endless()).ordered({ buffer: 4 });
    const got: number[] = [];
    const failure = await (async () => {
      for await (const n of values) got.push(n);
    })().catch((error: Error) => error.message);
    expect([got, failure]).toEqual([[0, 1], 'two']);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('throws what the source threw after all values', async () => {
    const pool = taskPool();
    function* items() {
      yield 1;
      yield 2;
      throw new Error('no more');
    }
    const values = pool.map((n: number) => n, items()).ordered();
    expect(await values.next()).toEqual({ done: false, value: 1 });
    expect(await values.next()).toEqual({ done: false, value: 2 });
    await expect(values.next()).rejects.toThrow('no more');
    expect(await values.next()).toEqual({ done: true, value: undefined });
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('takes several calls of next() at once', async () => {
    const pool = taskPool({ poolSize: 3 });
    const values = pool.map(async (n: number) => n, [0, 1]).ordered({ buffer: 1 });
    const results = await Promise.all([values.next(), values.next(), values.next()]);
    expect(results.map(({ value }) => value)).toEqual([0, 1, undefined]);
    await pool.gatherAndClose();
  });

  test('has a buffer of twice as many as may run', async () => {
    const createdBy = async (pool: TaskPool, numConcurrent?: number) => {
      const options = numConcurrent === undefined ? {} : { numConcurrent };
      const group = pool.map((n: number) => n, endless(), options);
      const values = group.ordered();
      for (let n = 0; n < 5; n++) await turn();
      await values.return();
      await pool.gatherAndClose();
      return group.progress.created;
    };
    expect(await createdBy(taskPool({ poolSize: 4 }))).toBe(8);
    expect(await createdBy(taskPool(), 3)).toBe(6);
    expect(await createdBy(taskPool(), Infinity)).toBe(100);
  });

  test('has no values that were consumed before, and takes no buffer of none', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1, 2]);
    await taken(group);
    await expect(group.ordered().next()).rejects.toThrow(ResultsNotRetained);
    expect(() => group.ordered({ buffer: 0 })).toThrow(RangeError);
    expect(() => group.ordered({ size: 3 } as never)).toThrow(TypeError);
  });

  test('holds nothing back once its loop was refused', async () => {
    const pool = taskPool();
    const rest = pool.map((n: number) => n, [0, 1, 2]);
    expect((await rest[Symbol.asyncIterator]().next()).value).toBe(0);
    await expect(rest.ordered({ buffer: 1 }).next()).rejects.toThrow(ResultsNotRetained);
    await pool.gatherAndClose();
    expect(rest.progress).toEqual({ created: 3, ended: 3, planned: 3 });
  });

  test('a next() that is refused in a task does not end the others', async () => {
    const pool = taskPool();
    const refused: unknown[] = [];
    const fn = async (n: number) => {
      if (n === 0) await values.next().catch((error) => refused.push(error));
      return n;
    };
    const values = pool.map(fn, [0, 1]).ordered();
    expect(await Promise.all([values.next(), values.next()])).toEqual([
      { done: false, value: 0 },
      { done: false, value: 1 },
    ]);
    expect(refused).toEqual([expect.any(WouldDeadlock)]);
    await pool.gatherAndClose();
  });
});
