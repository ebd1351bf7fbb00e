import { describe, expect, test } from 'vitest';
import { collect, Stage } from '../support/observing.ts';
import { simplePool, taskPool, turn } from '../support/pools.ts';

describe('ids', () => {
  test('are dense from 0, in the order in which tasks are created', async () => {
    const pool = taskPool();
    const first = pool.apply(() => 1, [], { num: 3 });
    const second = pool.map((n: number) => n, [1, 2], { numConcurrent: 2 });
    await pool.untilIdle();
    const ids = [...first.ids, ...second.ids];
    expect(ids.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect([...first.ids]).toEqual([...first.ids].sort());
  });

  test('are not used again when tasks are forgotten', async () => {
    const pool = taskPool();
    await pool.apply(() => 1, [], { num: 2 }).results();
    await pool.flush();
    expect([...pool.apply(() => 1).ids]).toEqual([2]);
  });
});

describe('who gets the next slot', () => {
  test('groups in the order of the calls', async () => {
    const order: string[] = [];
    const note = (text: string) => void order.push(text);
    const pool = taskPool({ poolSize: 1 });
    pool.map(note, ['map']);
    pool.apply(note, ['apply']);
    pool.starmap(note, [['starmap']]);
    await pool.untilIdle();
    expect(order).toEqual(['map', 'apply', 'starmap']);
  });

  test('groups in turn: none gets two slots while another waits', async () => {
    const order: string[] = [];
    const note = async (text: string) => void order.push(text);
    const pool = taskPool({ poolSize: 1 });
    pool.map(note, ['a1', 'a2', 'a3'], { numConcurrent: 3 });
    pool.map(note, ['b1', 'b2', 'b3'], { numConcurrent: 3 });
    pool.apply(note, ['c'], { num: 2 });
    await pool.untilIdle();
    expect(order).toEqual(['a1', 'b1', 'c', 'a2', 'b2', 'c', 'a3', 'b3']);
  });

  test('a group of many tasks does not hold up one that comes later', async () => {
    const order: string[] = [];
    const note = async (text: string) => void order.push(text);
    const pool = taskPool({ poolSize: 1 });
    pool.apply(note, ['many'], { num: 100 });
    await turn();
    order.length = 0;
    pool.apply(note, ['more'], { num: 100 });
    pool.apply(note, ['late']);
    await pool.untilIdle();
    expect(order.indexOf('late')).toBeLessThanOrEqual(2);
  });

  test('a group that may run no more leaves its turn to others', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 3 });
    pool.map(stage.work, [1, 2, 3], { numConcurrent: 1 });
    pool.map(stage.work, [11, 12, 13], { numConcurrent: 2 });
    await turn();
    expect([...stage.running]).toEqual([1, 11, 12]);
    await stage.finish(11);
    expect([...stage.running]).toEqual([1, 12, 13]);
    await stage.finish(1);
    expect([...stage.running]).toEqual([12, 13, 2]);
  });
});

describe('a source is pulled', () => {
  test('only when its group may run another task', async () => {
    const pulled: number[] = [];
    function* endless() {
      for (let n = 0; ; n++) {
        pulled.push(n);
        yield n;
      }
    }
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, endless(), { numConcurrent: 2 });
    await turn();
    expect(pulled).toEqual([0, 1]);
    await stage.finish(0);
    expect(pulled).toEqual([0, 1, 2]);
    group.cancel();
  });

  test('one item ahead at the most, however many groups wait', async () => {
    let pulled = 0;
    function* endless() {
      for (;;) yield pulled++;
    }
    const pool = taskPool({ poolSize: 0 });
    for (let n = 0; n < 10; n++) pool.map((m: number) => m, endless(), { numConcurrent: 100 });
    await turn();
    expect(pulled).toBe(10);
    expect(pool).toMatchObject({ numQueued: 10, totals: { created: 10 } });
  });

  test('no further once the loop over its results was left', async () => {
    let pulled = 0;
    function* endless() {
      for (;;) yield pulled++;
    }
    const pool = taskPool();
    for await (const n of pool.map(async (m: number) => m, endless())) if (n === 4) break;
    const pulledByThen = pulled;
    await pool.gatherAndClose();
    expect(pulled).toBe(pulledByThen);
  });

  test('lazily by apply: a million calls are two tasks while one may run', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    const group = pool.apply(stage.work, [7], { num: 1e6 });
    await turn();
    expect(pool).toMatchObject({ numRunning: 1, numQueued: 1, totals: { created: 2 } });
    expect(group.progress).toEqual({ created: 2, ended: 0, planned: 1e6 });
    group.cancel();
    pool.cancelAll();
    await stage.finish(7);
  });
});

describe('how many tasks are planned', () => {
  test.each<[string, Iterable<unknown>, number | undefined]>([
    ['an array', [1, 2], 2],
    ['a text', 'abc', 3],
    ['a Set', new Set([1]), 1],
    ['a Map', new Map([[1, 2]]), 1],
    ['a typed array', new Uint8Array(5), 5],
    ['a generator', [1].values(), undefined],
  ])('is known for %s: %o', async (_what, items, planned) => {
    const pool = taskPool();
    const group = pool.map((item: unknown) => item, items);
    expect(group.progress).toEqual(
      planned === undefined ? { created: 0, ended: 0 } : { created: 0, ended: 0, planned },
    );
    expect(await group.results()).toHaveLength(planned ?? 1);
  });

  test('is the number given to apply and start', () => {
    expect(taskPool().apply(() => 1, [], { num: 4 }).progress.planned).toBe(4);
    expect(simplePool(() => 1).start(3).progress.planned).toBe(3);
    expect(taskPool().apply(() => 1).progress.planned).toBe(1);
  });
});

test('every item becomes one task, in order', async () => {
  const pool = taskPool({ poolSize: 3 });
  const items = Array.from({ length: 1000 }, (_, n) => n);
  const group = pool.map((n: number, { index }) => [n, index], items, { numConcurrent: 7 });
  expect(await group.results()).toEqual(items.map((n) => [n, n]));
  expect(await collect(pool.apply(async () => 'x', [], { num: 3 }))).toEqual(['x', 'x', 'x']);
});
