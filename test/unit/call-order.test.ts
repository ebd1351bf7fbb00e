import { expect, test } from 'vitest';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

/** After so many promise jobs. */
async function jobs(count: number): Promise<void> {
  for (let job = 0; job < count; job++) await undefined;
}

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  'functions are called in the order of their starts, whoever frees the slots, %i jobs apart',
  async (apart) => {
    const called: number[] = [];
    const [ofCallback, ofFunction] = [new Gate(), new Gate()];
    const pool = taskPool({ poolSize: 2 });
    pool.map(
      (item: number, context) => {
        called.push(item);
        if (item === 0) return untilAborted(context);
        return item === 1 ? ofFunction.promise : item;
      },
      [0, 1, 2, 3, 4, 5],
      { cancelCallback: () => ofCallback.promise },
    );
    await turn();
    pool.cancel(0);
    await turn();
    ofCallback.resolve();
    await jobs(apart);
    ofFunction.resolve();
    await pool.untilIdle();
    expect(called).toEqual([0, 1, 2, 3, 4, 5]);
  },
);
