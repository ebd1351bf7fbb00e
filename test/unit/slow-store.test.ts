/** A pool whose journal is written more slowly than it works. */

import { describe, expect, test } from 'vitest';
import { replay } from 'xstate-taskpool';
import { storeOver } from '../support/memory-like.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

const BACKLOG = 16_384;

describe('a store that falls behind', () => {
  test('keeps tasks from starting, until it has caught up', async () => {
    const gate = new Gate();
    const { kept, store } = storeOver({ before: () => gate.promise });
    const pool = taskPool({ journal: store, poolSize: 10, retain: 'none' });
    const group = pool.map(async (n: number) => n, Array(20_000).keys(), { numConcurrent: 10 });
    void group.settled();
    let before = -1;
    while (pool.journal.nextSeq !== before) {
      before = pool.journal.nextSeq;
      for (let n = 0; n < 100; n++) await turn();
    }
    expect(pool.journal.nextSeq).toBeGreaterThanOrEqual(BACKLOG);
    // What ran when the line was crossed ends, and at most that.
    expect(pool.journal.nextSeq).toBeLessThan(BACKLOG + 50);
    expect(pool).toMatchObject({ numRunning: 0, numQueued: 1 });
    expect(kept.nextSeq).toBe(0);
    // None of what waits to be written is let go.
    expect(pool.journal.firstSeq).toBe(0);

    gate.resolve();
    await pool.gatherAndClose();
    expect(pool.totals.fulfilled).toBe(20_000);
    expect(replay(kept)).toEqual(pool.snapshot());
  });

  test('is given batches of at most 2,000 events, in order', async () => {
    const lengths: number[] = [];
    const seqs: number[] = [];
    const { store } = storeOver({
      before: (batch) => {
        lengths.push(batch.length);
        seqs.push(...batch.map(({ seq }) => seq));
      },
    });
    const pool = taskPool({ journal: store, retain: 'none' });
    pool.map(async (n: number) => n, Array(2000).keys(), { numConcurrent: 2000 });
    await pool.gatherAndClose();
    expect(Math.max(...lengths)).toBe(2000);
    expect(seqs).toEqual(Array.from({ length: pool.journal.nextSeq }, (_, seq) => seq));
  });
});
