/** Threads under fire: cancels, crashes and loops at random. Nothing is lost, and nothing is done twice. */

import { expect, test } from 'vitest';
import { isLong } from '../../support/length.ts';
import { taskPool } from '../../support/pools.ts';
import { workInThreads } from '../../support/threads.ts';

const CALLS = isLong ? 10_000 : 400;
const CANCELS = isLong ? 100 : 20;
const CRASHES = isLong ? 20 : 3;

// With many at once, threads are sent calls while they run others.
test.each([4, 64])(
  `${CALLS} calls, %d at once, ${CANCELS} cancels, ${CRASHES} crashes: each ends once, as it should`,
  async (poolSize) => {
    const work = workInThreads({ max: 2, grace: 20 });
    const pool = taskPool({ retain: 'all', poolSize });
    const effects = new SharedArrayBuffer(4 * CALLS);
    const counts = new Int32Array(effects);
    const group = pool.starmap(
      work.add,
      Array.from({ length: CALLS }, (_, index) => [effects, index]),
      { numConcurrent: poolSize },
    );
    // They are among the others, whenever it is their turn.
    const crashes = pool.map(
      work.exit,
      Array.from({ length: CRASHES }, (_, n) => n + 1),
      {
        numConcurrent: 1,
      },
    );
    const loops = pool.map(
      work.loop,
      Array.from({ length: 3 }, () => undefined),
      {
        numConcurrent: 1,
        timeout: 5,
      },
    );
    const cancelled = new Set<number>();
    let seed = 7;
    pool.on('task.started', ({ id, group: name }) => {
      seed = (seed * 48_271) % 0x7fffffff;
      if (
        name !== group.name ||
        cancelled.size >= CANCELS ||
        seed % Math.floor(CALLS / (2 * CANCELS)) !== 0
      )
        return;
      cancelled.add(id);
      // Some before the call has left, some while it is on its way, some too late.
      if (seed % 2 === 0) pool.task(id).cancel();
      else setImmediate(() => pool.task(id).cancel());
    });
    const [settled, lost, looped] = await Promise.all([
      group.settled(),
      crashes.settled(),
      loops.settled(),
    ]);
    expect(settled).toHaveLength(CALLS);
    for (const { status, id, index, ...rest } of settled) {
      const effect = counts[index] as number;
      if (status === 'fulfilled')
        expect([index, effect, rest]).toEqual([index, 1, { value: index }]);
      else {
        // Cancelled: it has begun or not, but never twice.
        expect([status, cancelled.has(id)]).toEqual(['cancelled', true]);
        expect(effect).toBeLessThanOrEqual(1);
      }
    }
    expect(cancelled.size).toBeGreaterThan(CANCELS / 2);
    expect(lost.map(({ status }) => status)).toEqual(Array(CRASHES).fill('rejected'));
    for (const each of lost) expect(each).toMatchObject({ reason: { name: 'WorkerLost' } });
    expect(looped.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    await pool.gatherAndClose({ returnExceptions: true });
    expect(pool.totals.created).toBe(CALLS + CRASHES + 3);
  },
);

/** Milliseconds for the same work on so many threads. */
async function timed(max: number): Promise<number> {
  const work = workInThreads({ max, min: max });
  await Promise.all(Array.from({ length: max }, () => work.primes(10)));
  const pool = taskPool();
  const start = performance.now();
  await pool.map(work.primes, Array(8).fill(150_000), { numConcurrent: max }).results();
  return performance.now() - start;
}

// A machine that is busy with something else has no second core to give.
if (isLong) {
  test('two threads do the work of two', async () => {
    const ratios: number[] = [];
    for (let n = 0; n < 5; n++) ratios.push((await timed(1)) / (await timed(2)));
    expect(Math.max(...ratios)).toBeGreaterThanOrEqual(1.8);
  });
}
