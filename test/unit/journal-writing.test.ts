/** What is written to a store when, and what follows if writing fails in between. */

import { describe, expect, test } from 'vitest';
import type { PoolEvent, PoolOptions } from 'xstate-taskpool';
import { storeOver } from '../support/memory-like.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

const full = new Error('no space left on device');

describe('a store that writes later', () => {
  test('gets batches of at most 256 KiB, unless an event is larger', async () => {
    const batches: number[][] = [];
    const seqs: number[] = [];
    const { store } = storeOver({
      before: (batch) => {
        seqs.push(...batch.map(({ seq }) => seq));
        const thousands = batch.map(sizeOf).filter((size) => size > 0);
        batches.push(thousands);
      },
    });
    const work = async (_: string) => {};
    const pool = taskPool({ functions: { work }, journal: store });
    pool.pause();
    for (const thousands of [100, 100, 50, 20, 300, 1, 200, 60, 5]) {
      pool.apply(work, ['x'.repeat(1_000 * thousands)]);
    }
    await pool.untilDurable();
    expect(batches).toEqual([[100, 100, 50], [20], [300], [1, 200, 60], [5]]);
    expect(seqs).toEqual(Array.from({ length: pool.journal.nextSeq }, (_, seq) => seq));
    pool.cancelAll();
    await pool.gatherAndClose();
  });

  test('keeps tasks from starting while 16 MiB wait, however much it has written before', async () => {
    let gate = new Gate();
    const { store } = storeOver({ before: () => gate.promise });
    const called: number[] = [];
    const work = async (text: string) => void called.push(text.length);
    const pool = taskPool({ functions: { work }, journal: store });
    const large = 16 * 2 ** 20;
    pool.apply(work, ['x'.repeat(large)]);
    await turn();
    expect(called).toEqual([]);
    gate.resolve();
    await pool.untilIdle();
    expect(called).toEqual([large]);
    gate = new Gate();
    pool.apply(work, ['small']);
    await turn();
    expect(called).toEqual([large, 5]);
    gate.resolve();
    await pool.gatherAndClose();
  });

  test('that has failed gets nothing after the batch that it was writing', async () => {
    const gate = new Gate();
    const failing = new AbortController();
    const seqs: number[] = [];
    const { store } = storeOver({
      before: (batch) => {
        seqs.push(...batch.map(({ seq }) => seq));
        return gate.promise;
      },
    });
    const pool = taskPool({ journal: { ...store, failed: failing.signal } });
    await turn();
    pool.lock();
    failing.abort(full);
    pool.unlock();
    gate.resolve();
    await turn();
    expect(seqs).toEqual([0]);
    await expect(pool.untilDurable()).rejects.toBe(full);
    await expect(pool.gatherAndClose()).rejects.toBe(full);
  });

  test('has its events kept in memory until it has them, or has failed', async () => {
    let gate = new Gate();
    const { store } = storeOver({ before: () => gate.promise });
    const pool = taskPool({ journal: store, history: { size: 10 } });
    const record = async () => {
      for (let n = 0; n < 50; n++) {
        pool.lock();
        pool.unlock();
      }
      await turn();
    };
    await record();
    expect(pool.journal.firstSeq).toBe(0);
    gate.resolve();
    await pool.untilDurable();
    gate = new Gate();
    await record();
    const { firstSeq, nextSeq } = pool.journal;
    expect(firstSeq).toBeGreaterThan(80);
    expect(firstSeq).toBeLessThanOrEqual(101);
    expect(nextSeq).toBe(201);
    gate.reject(full);
    await turn();
    await record();
    expect(pool.journal.firstSeq).toBeGreaterThan(201);
    await pool.gatherAndClose({ returnExceptions: true });
  });
});

describe.each([
  ['written later', false],
  ['written at once', true],
])('of a journal that is %s', (_, sync) => {
  /** A pool with a step that records one event, and the checkpoints that it stores. */
  function checkpointing(
    checkpoints: PoolOptions['checkpoints'] & object,
    storing: () => Promise<void> = async () => {},
  ) {
    const { store } = storeOver({ sync });
    const taken: { readonly seq: number; readonly prune: unknown }[] = [];
    store.checkpoint = async ({ seq, prune }) => {
      taken.push({ seq, prune });
      await storing();
    };
    const pool = taskPool({ journal: store, checkpoints });
    const record = async (count: number) => {
      for (; count > 0; count--) {
        if (pool.isLocked) pool.unlock();
        else pool.lock();
        await turn();
      }
    };
    return { pool, taken, record };
  }

  test('a checkpoint is stored after every so many events, with what is to be pruned', async () => {
    const { taken, record } = checkpointing({ every: 3 });
    await record(9);
    expect(taken).toEqual([2, 5, 8].map((seq) => ({ seq, prune: false })));
    const pruning = checkpointing({ every: 3, prune: { keepLast: 2 } });
    await pruning.record(4);
    expect(pruning.taken).toEqual([{ seq: 2, prune: { keepLast: 2 } }]);
  });

  test('a checkpoint that was asked for counts', async () => {
    const { pool, taken, record } = checkpointing({ every: 3 });
    await record(1);
    await pool.checkpoint();
    await record(4);
    expect(taken.map(({ seq }) => seq)).toEqual([1, 4]);
  });

  test('one checkpoint is stored at a time', async () => {
    const storing = new Gate();
    const { taken, record } = checkpointing({ every: 2 }, () => storing.promise);
    await record(7);
    expect(taken).toHaveLength(1);
    storing.resolve();
    await turn();
    await record(1);
    expect(taken).toHaveLength(2);
    await record(1);
    expect(taken).toHaveLength(2);
    await record(1);
    expect(taken).toHaveLength(3);
  });

  test.each([false, true])(
    'a closed pool keeps 1 MiB in memory, and everything if the store has failed (%s)',
    async (fails) => {
      let hasFailed = false;
      const { store } = storeOver({
        sync,
        before: () => {
          if (hasFailed) throw full;
        },
      });
      const work = async (_: string) => {};
      const pool = taskPool({ functions: { work }, journal: store });
      pool.pause();
      for (let n = 0; n < 4; n++) pool.apply(work, ['x'.repeat(400_000)]);
      await pool.untilDurable();
      expect(pool.journal.firstSeq).toBe(0);
      hasFailed = fails;
      pool.cancelAll();
      await pool.gatherAndClose({ returnExceptions: true });
      await turn();
      expect(pool.journal.firstSeq > 0).toBe(!fails);
    },
  );

  test('a function can wait until all is written, unless the store has failed', async () => {
    let hasFailed = false;
    const { store } = storeOver({
      sync,
      before: () => {
        if (hasFailed) throw full;
      },
    });
    const pool = taskPool({ journal: store });
    const gate = new Gate();
    const seen: unknown[] = [];
    pool.apply(async (context: object) => {
      const { untilStored } = context as { untilStored(): Promise<void> };
      seen.push(await untilStored());
      await gate.promise;
      seen.push(await untilStored().catch((error: unknown) => error));
    });
    await turn();
    expect(seen).toEqual([undefined]);
    hasFailed = true;
    pool.lock();
    gate.resolve();
    await turn();
    expect(seen).toEqual([undefined, full]);
    await pool.gatherAndClose({ returnExceptions: true });
  });
});

/** The data of an event, in thousands of characters. */
function sizeOf(event: PoolEvent): number {
  if (event.type !== 'group.created') return 0;
  return Math.floor(JSON.stringify(event.args).length / 1_000);
}
