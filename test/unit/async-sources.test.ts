import { describe, expect, test } from 'vitest';
import { isPending, rejectionOf, Stage } from '../support/observing.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

const bad = new Error('bad source');
const echo = async <T>(item: T): Promise<T> => item;

describe('an async source', () => {
  test('is pulled one item at a time, when its group has room', async () => {
    const asked: number[] = [];
    const items = [0, 1, 2, 3].map(() => new Gate<number>());
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        let n = 0;
        return {
          next: async () => {
            asked.push(n);
            const gate = items[n++];
            return gate ? { value: await gate.promise } : { done: true, value: undefined };
          },
        };
      },
    };
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, source, { numConcurrent: 2 });
    await turn();
    expect(asked).toEqual([0]);
    items[0]?.resolve(10);
    await turn();
    expect(asked).toEqual([0, 1]);
    items[1]?.resolve(11);
    await turn();
    expect(asked).toEqual([0, 1]);
    expect([...stage.running]).toEqual([10, 11]);

    await stage.finish(10);
    expect(asked).toEqual([0, 1, 2]);
    items[2]?.resolve(12);
    items[3]?.resolve(13);
    await stage.finish(11, 12, 13);
    expect(await group.results()).toEqual([10, 11, 12, 13]);
  });

  test('that is both is taken as async', async () => {
    const both = {
      *[Symbol.iterator]() {},
      async *[Symbol.asyncIterator]() {
        yield 1;
      },
    };
    expect(
      await taskPool()
        .map(echo, both as AsyncIterable<number>)
        .results(),
    ).toEqual([1]);
  });

  test('that is none is taken as the other', async () => {
    const other = { [Symbol.asyncIterator]: undefined, [Symbol.iterator]: () => [1].values() };
    expect(
      await taskPool()
        .map(echo, other as Iterable<number>)
        .results(),
    ).toEqual([1]);
  });

  test('whose item comes after its group was cancelled makes no task', async () => {
    const item = new Gate<number>();
    let left = false;
    async function* source() {
      try {
        yield await item.promise;
      } finally {
        left = true;
      }
    }
    const pool = taskPool();
    const group = pool.map(echo, source());
    await turn();
    group.cancel(bad);
    expect(await rejectionOf(group.results())).toBe(bad);
    item.resolve(1);
    await turn();
    expect(left).toBe(true);
    expect(pool.totals.created).toBe(0);
    await pool.gatherAndClose();
  });

  test('whose item comes while the group is paused waits', async () => {
    const item = new Gate<number>();
    async function* source() {
      yield await item.promise;
    }
    const pool = taskPool();
    const group = pool.map(echo, source());
    await turn();
    group.pause();
    item.resolve(7);
    expect(await isPending(group.results())).toBe(true);
    group.resume();
    expect(await group.results()).toEqual([7]);
  });
});
