import { describe, expect, test } from 'vitest';
import { DuplicateTask, QueueFull } from 'xstate-taskpool';
import { Conditions } from '../../src/pool/waits/conditions.ts';
import { isPending, Stage } from '../support/observing.ts';
import { Gate, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const work = () => 1;

test('a condition that no running task can meet is not looked at for each of them', async () => {
  const conditions = new Conditions();
  let looks = 0;
  const resolved = conditions.until('rest', () => ++looks > 1);
  for (let task = 0; task < 100; task++) conditions.notifyRunning();
  expect(looks).toBe(1);
  conditions.notify();
  await resolved;
});

test('a condition that holds only for a moment resolves nothing', async () => {
  const conditions = new Conditions();
  let isMet = false;
  const resolved = conditions.until('met', () => isMet);
  isMet = true;
  conditions.notify();
  isMet = false;
  expect(await isPending(resolved)).toBe(true);
  isMet = true;
  conditions.notify();
  await resolved;
});

test('waits with the same name are one condition, and each ends with its own signal', async () => {
  const conditions = new Conditions();
  let isMet = false;
  let looks = 0;
  const until = (signal?: AbortSignal) =>
    conditions.until(
      'met',
      () => {
        looks++;
        return isMet;
      },
      signal,
    );
  const numLooks = () => {
    looks = 0;
    conditions.notify();
    return looks;
  };
  const controller = new AbortController();
  const waits = [until(controller.signal), until(new AbortController().signal), until()];
  expect(numLooks()).toBe(1);
  controller.abort('no longer');
  await expect(waits[0]).rejects.toBe('no longer');
  expect(numLooks()).toBe(1);
  isMet = true;
  conditions.notify();
  await Promise.all(waits.slice(1));
  expect(numLooks()).toBe(0);

  isMet = false;
  const last = new AbortController();
  const again = until(last.signal);
  last.abort('nor this');
  await expect(again).rejects.toBe('nor this');
  expect(numLooks()).toBe(0);
  const other = until();
  isMet = true;
  conditions.notify();
  await other;
});

describe('untilIdle', () => {
  test('resolves at once for a pool without work', async () => {
    await taskPool().untilIdle();
    const pool = taskPool();
    await pool.gatherAndClose();
    await expect(pool.untilIdle()).resolves.toBeUndefined();
  });

  test('waits for items that are not pulled yet, functions and callbacks', async () => {
    const stage = new Stage();
    const callback = new Gate();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, [1, 2], { endCallback: (id) => (id === 1 ? callback.promise : 0) });
    const idle = pool.untilIdle();
    await stage.finish(1);
    expect(await isPending(idle)).toBe(true);
    await stage.finish(2);
    expect(await isPending(idle)).toBe(true);
    callback.resolve();
    await idle;
    expect(pool.isClosed).toBe(false);
  });

  test('waits for a cancelled function that unwinds', async () => {
    const stage = new Stage();
    const pool = taskPool();
    pool.map(stage.work, [1]);
    await turn();
    pool.cancelAll();
    const idle = pool.untilIdle();
    expect(await isPending(idle)).toBe(true);
    await stage.finish(1);
    await idle;
  });

  test('does not take failures away', async () => {
    const pool = taskPool();
    pool.apply(() => Promise.reject(new Error('lost')));
    await pool.untilIdle();
    await expect(pool.gatherAndClose()).rejects.toThrow('lost');
  });

  test('waits for a source that has not answered', async () => {
    const item = new Gate<number>();
    async function* later() {
      yield await item.promise;
    }
    const pool = taskPool();
    pool.map((n: number) => n, later());
    const idle = pool.untilIdle();
    expect(await isPending(idle)).toBe(true);
    item.resolve(1);
    await idle;
    expect(pool.totals.fulfilled).toBe(1);
  });
});

describe('untilClosed', () => {
  test('resolves for everybody once the pool is closed, also when work failed', async () => {
    const pool = taskPool();
    pool.apply(() => Promise.reject(new Error('lost')));
    const waiting = Promise.all([pool.untilClosed(), pool.untilClosed()]);
    expect(await isPending(waiting)).toBe(true);
    await pool.gatherAndClose().catch(() => {});
    await waiting;
    await expect(pool.untilClosed()).resolves.toBeUndefined();
  });

  test('does not close the pool by itself', async () => {
    const pool = taskPool();
    expect(await isPending(pool.untilClosed())).toBe(true);
    expect(pool.isLocked).toBe(false);
  });
});

describe('untilSizeBelow', () => {
  test('resolves when fewer than so many tasks wait for a slot', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    for (const n of [1, 2, 3]) pool.map(stage.work, [n]);
    await turn();
    await pool.untilSizeBelow(3);
    const below = pool.untilSizeBelow(2);
    expect(await isPending(below)).toBe(true);
    await stage.finish(1);
    await below;
    const empty = pool.untilSizeBelow(1);
    expect(await isPending(empty)).toBe(true);
    await stage.finish(2);
    await empty;
    expect([...stage.running]).toEqual([3]);
  });

  test('counts groups that were not looked at yet', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, [1]);
    pool.map(stage.work, [2]);
    expect(await isPending(pool.untilSizeBelow(1))).toBe(true);
    await stage.finish(1, 2);
  });

  test('resolves when what waited was cancelled', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, [1]);
    const waiting = pool.map(stage.work, [2]);
    await turn();
    const empty = pool.untilSizeBelow(1);
    waiting.cancel();
    expect(await isPending(empty)).toBe(false);
    await stage.finish(1);
  });

  test('holds a producer back', async () => {
    const pool = taskPool({ poolSize: 2 });
    let most = 0;
    for (let n = 0; n < 50; n++) {
      await pool.untilSizeBelow(3);
      pool.apply(() => turn());
      most = Math.max(most, pool.numQueued);
    }
    await pool.gatherAndClose();
    expect(pool.totals.fulfilled).toBe(50);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe('waiting ends with a signal', () => {
  const reason = new Error('no longer');
  const waits = (signal: AbortSignal) => {
    const pool = taskPool({ poolSize: 0 });
    pool.apply(() => 1);
    return {
      pool,
      all: [
        pool.untilIdle({ signal }),
        pool.untilClosed({ signal }),
        pool.untilSizeBelow(1, { signal }),
      ],
    };
  };

  test('that aborts', async () => {
    const controller = new AbortController();
    const { pool, all } = waits(controller.signal);
    await turn();
    controller.abort(reason);
    for (const wait of all) await expect(wait).rejects.toBe(reason);
    pool.cancelAll();
    await pool.gatherAndClose();
  });

  test('that was aborted before', async () => {
    const { pool, all } = waits(AbortSignal.abort(reason));
    for (const wait of all) await expect(wait).rejects.toBe(reason);
    pool.cancelAll();
    await expect(pool.untilIdle({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('and not after the pool was faster', async () => {
    const controller = new AbortController();
    const { pool, all } = waits(controller.signal);
    pool.cancelAll();
    await pool.gatherAndClose();
    await Promise.all(all);
    controller.abort(reason);
    await expect(Promise.all(all)).resolves.toBeDefined();
  });
});

describe('numPending', () => {
  test('counts planned items, tasks that wait, and 1 for a source without a length', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    const array = pool.map(stage.work, [1, 2, 3]);
    expect(pool.numPending).toBe(3);
    const endless = pool.map(
      stage.work,
      (function* () {
        for (;;) yield 4;
      })(),
    );
    expect(pool.numPending).toBe(4);
    await turn();
    // One runs, one of each group is queued.
    expect([pool.numRunning, pool.numQueued, pool.numPending]).toEqual([1, 2, 4 - 1 + 1]);
    void pool.submit(stage.work, [5]);
    expect(pool.numPending).toBe(5);
    array.cancel();
    expect(pool.numPending).toBe(3);
    endless.cancel();
    pool.cancelAll();
    expect(pool.numPending).toBe(0);
    await stage.finish(1);
  });
});

describe('maxQueued', () => {
  test('refuses new groups while so many wait', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1, maxQueued: 2 });
    pool.map(stage.work, [1]);
    await turn();
    pool.map(stage.work, [2]);
    pool.map(stage.work, [3]);
    expect(() => pool.map(stage.work, [4])).toThrow(QueueFull);
    await turn();
    expect(() => pool.apply(work)).toThrow(QueueFull);

    await stage.finish(1);
    expect([...pool.apply(work).ids]).toEqual([3]);
    await stage.finish(2, 3);
    expect(pool.totals.fulfilled).toBe(4);
  });

  test('does not refuse what joins another by its key: that adds nothing', async () => {
    const pool = taskPool({ poolSize: 1, maxQueued: 1 });
    const stage = new Stage();
    const running = pool.submit(stage.work, [1], { unique: 'a' });
    await turn();
    const waiting = pool.submit(stage.work, [2]);
    expect(pool.submit(stage.work, [1], { unique: 'a' })).toBe(running);
    const refused = pool.submit(stage.work, [1], { unique: 'a', onDuplicate: 'refuse' });
    await expect(refused).rejects.toThrow(DuplicateTask);
    const replacing = pool.submit(stage.work, [1], { unique: 'a', onDuplicate: 'replace' });
    await expect(replacing).rejects.toThrow(QueueFull);

    await stage.finish(1);
    await stage.finish(2);
    await Promise.all([running, waiting]);
  });

  test('refuses start', () => {
    const pool = simplePool(work, [], { poolSize: 0, maxQueued: 1 });
    pool.start(5);
    expect(() => pool.start(1)).toThrow(QueueFull);
  });

  test('has room again when what waited was cancelled', async () => {
    const pool = taskPool({ poolSize: 1, maxQueued: 1 });
    pool.apply(untilAborted);
    await turn();
    for (let n = 0; n < 3; n++) {
      const waiting = pool.apply(work);
      expect(() => pool.apply(work)).toThrow(QueueFull);
      waiting.cancel();
      await turn();
    }
    const task = pool.apply(work);
    pool.cancel(...task.ids);
    await turn();
    expect(pool.numQueued).toBe(0);
    expect(() => pool.apply(work)).not.toThrow();
  });

  test('does not count a group twice that is changed while it waits', async () => {
    const pool = taskPool({ poolSize: 0, maxQueued: 4 });
    const group = pool.map(work, [1, 2, 3]);
    await turn();
    group.numConcurrent = 2;
    group.numConcurrent = 3;
    expect(() => pool.apply(work)).not.toThrow();
  });

  test('accepts a call of any size while less is pending, and refuses the next', async () => {
    const pool = taskPool({ poolSize: 1, maxQueued: 2 });
    const all = pool.map(
      work,
      Array.from({ length: 1000 }, (_, n) => n),
    );
    expect(() => pool.apply(work)).toThrow('expected fewer than maxQueued = 2 pending, got 1000');
    await all.results();
    expect(() => pool.apply(work)).not.toThrow();
  });
});

test('of several that wait until few are pending, each is notified at its own number', async () => {
  const pool = taskPool({ poolSize: 1 });
  const gates = [1, 2, 3, 4].map(() => new Gate());
  pool.map((gate) => gate.promise, gates);
  await turn();
  const seen: number[] = [];
  for (const n of [2, 4, 1, 3, 4]) void pool.untilSizeBelow(n).then(() => seen.push(n));
  const sizes = [];
  for (const gate of gates) {
    gate.resolve();
    await turn();
    sizes.push(seen.splice(0).join());
  }
  expect(sizes).toEqual(['4,4,3', '2', '1', '']);
});
