import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TaskContext, TaskPoolError } from 'xstate-taskpool';
import { taskPool, turn } from '../support/pools.ts';
import { runs } from '../support/runs.ts';

/** Waits for its turn, or throws the reason once the signal is aborted. */
function unlessAborted<T>(work: Promise<T>, { signal }: TaskContext): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    void work.then(resolve);
  });
}

async function runAll(scheduler: fc.Scheduler): Promise<void> {
  await turn();
  while (scheduler.count() > 0) {
    await scheduler.waitOne();
    await turn();
  }
}

describe('in any order', () => {
  test('a task that is cancelled as it ends is either, and its group agrees', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.scheduler(), async (count, scheduler) => {
        const pool = taskPool();
        const ids = Array.from({ length: count }, (_, id) => id);
        const group = pool.map(
          (id, context) =>
            unlessAborted(scheduler.schedule(Promise.resolve(id), `end ${id}`), context),
          ids,
          { numConcurrent: count },
        );
        const settled = group.settled();
        const refusals = new Map<number, string>();
        for (const id of ids) {
          void scheduler.schedule(Promise.resolve(), `cancel ${id}`).then(() => {
            try {
              pool.cancel([id], `reason ${id}`);
            } catch (error) {
              refusals.set(id, (error as TaskPoolError).code);
            }
          });
        }
        await runAll(scheduler);
        const expected = ids.map((id) =>
          refusals.has(id)
            ? { status: 'fulfilled', id, index: id, value: id }
            : { status: 'cancelled', id, index: id, reason: `reason ${id}` },
        );
        expect(await settled).toEqual(expected);
        expect([...new Set(refusals.values())]).toEqual(refusals.size > 0 ? ['AlreadyEnded'] : []);
        expect(pool.totals).toMatchObject({
          fulfilled: refusals.size,
          cancelled: count - refusals.size,
        });
      }),
      runs(200),
    );
  });

  test('a pool that closes while it is cancelled closes once, and loses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.scheduler(), async (size, scheduler) => {
        const pool = taskPool({ poolSize: size });
        const group = pool.map(
          (n, context) =>
            unlessAborted(scheduler.schedule(Promise.resolve(), `throw ${n}`), context).then(() => {
              throw n;
            }),
          [0, 1, 2, 3],
          { numConcurrent: 4 },
        );
        const closed: unknown[] = [];
        void scheduler
          .schedule(Promise.resolve(), 'close')
          .then(() => pool.gatherAndClose({ returnExceptions: true }))
          .then((errors) => closed.push(...errors));
        void scheduler.schedule(Promise.resolve(), 'cancel').then(() => pool.cancelAll('enough'));
        await runAll(scheduler);
        expect(pool.isClosed).toBe(true);
        const { created, rejected, cancelled } = pool.totals;
        expect(rejected + cancelled).toBe(created);
        expect(closed).toHaveLength(rejected);
        expect(new Set(closed).size).toBe(rejected);
        expect(group.progress).toMatchObject({ created, ended: created });
        const types = [...pool.journal].map(({ type }) => type);
        expect(types.filter((type) => type === 'pool.closed')).toHaveLength(1);
        expect(types.at(-1)).toBe('pool.closed');
      }),
      runs(200),
    );
  });

  test('a pool that is resized while tasks end never starts one too many', async () => {
    const sizes = fc.array(fc.nat(4), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.scheduler(), async (sizes, scheduler) => {
        const pool = taskPool({ poolSize: 2 });
        const seen: [executing: number, size: number][] = [];
        let executing = 0;
        const group = pool.map(
          async (n: number) => {
            executing++;
            seen.push([executing, pool.poolSize]);
            await scheduler.schedule(Promise.resolve(), `end ${n}`);
            executing--;
          },
          Array.from({ length: 8 }, (_, n) => n),
          { numConcurrent: 8 },
        );
        for (const size of [...sizes, 1]) {
          void scheduler.schedule(Promise.resolve(), `size ${size}`).then(() => {
            pool.poolSize = size;
          });
        }
        await runAll(scheduler);
        pool.poolSize = 1;
        await runAll(scheduler);
        expect(seen.filter(([number, size]) => number > size)).toEqual([]);
        expect(group.progress).toEqual({ created: 8, ended: 8, planned: 8 });
      }),
      runs(200),
    );
  });

  test('a group that is cancelled while its source gives items stops it once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.scheduler(), async (length, scheduler) => {
        const pool = taskPool();
        let returned = 0;
        let pulled = 0;
        const source: AsyncIterable<number> = {
          [Symbol.asyncIterator]: () => ({
            next: () => {
              const value = pulled++;
              const result = value < length ? { value } : { done: true as const, value: undefined };
              return scheduler.schedule(Promise.resolve(result), `item ${value}`);
            },
            return: async () => {
              returned++;
              return { done: true, value: undefined };
            },
          }),
        };
        const called: number[] = [];
        const group = pool.map((n) => called.push(n), source);
        const results = group.results();
        let wasExhausted = false;
        void scheduler.schedule(Promise.resolve(), 'cancel').then(() => {
          wasExhausted = [...pool.journal].some(({ type }) => type === 'group.exhausted');
          group.cancel('enough');
        });
        await runAll(scheduler);
        const all = Array.from({ length }, (_, n) => n);
        expect(called).toEqual(all.slice(0, called.length));
        expect(returned).toBe(wasExhausted ? 0 : 1);
        if (wasExhausted) await expect(results).resolves.toEqual(all.map((n) => n + 1));
        else await expect(results).rejects.toBe('enough');
      }),
      runs(200),
    );
  });
});
