/** Cases for cancels and timeouts. */

import { SimpleTaskPool, TaskTimedOut } from '../../../index.ts';
import { equal, errorOf, has, ok, until } from '../expecting.ts';
import { begun, type Parts, withPool } from './kind.ts';

export function addCancels({ contract, functions }: Parts): void {
  contract.about('a cancel');

  for (const name of ['untilAborted', 'throwReason'] as const) {
    contract.add(`is obeyed by ${name}`, () =>
      withPool(async (pool) => {
        const group = pool.map(functions()[name], ['x']);
        await begun(pool);
        group.cancel();
        has(await group.settled(), [{ status: 'cancelled' }]);
      }),
    );
  }

  contract.add('of a call that finishes all the same holds its slot until then', () =>
    withPool(
      async (pool) => {
        const first = pool.map(functions().finishAnyway, ['x']);
        const next = pool.apply(functions().now);
        await begun(pool);
        first.cancel();
        equal(pool.numRunning, 1);
        const [ended] = (await first.results()) as { reason: string; endedAt: number }[];
        const [began] = (await next.results()) as number[];
        equal(ended?.reason, 'AbortError');
        ok((began ?? 0) >= (ended?.endedAt ?? Number.POSITIVE_INFINITY));
      },
      { poolSize: 1 },
    ),
  );

  contract.add('before its turn means that it never begins', () =>
    withPool(
      async (pool) => {
        const running = pool.map(functions().untilAborted, ['x']);
        const waiting = pool.apply(functions().now);
        await begun(pool);
        waiting.cancel();
        running.cancel();
        has(await waiting.settled(), [{ status: 'cancelled' }]);
        await running.settled();
      },
      { poolSize: 1 },
    ),
  );

  contract.add('by the signal of the pool reaches all that run', async () => {
    const controller = new AbortController();
    await withPool(
      async (pool) => {
        const group = pool.map(functions().untilAborted, ['x', 'y'], { numConcurrent: 2 });
        await begun(pool, 2);
        controller.abort();
        has(await group.settled(), [{ status: 'cancelled' }, { status: 'cancelled' }]);
      },
      { signal: controller.signal },
    );
  });

  contract.add('by stop() takes the one that was started last', async () => {
    const options = { logger: { info() {}, error() {} } };
    const pool = new SimpleTaskPool<unknown, [string]>(functions().untilAborted, ['x'], options);
    pool.start(2);
    await begun(pool, 2);
    equal(pool.stop(1), [1]);
    await until(() => pool.numRunning === 1);
    equal(pool.task(1).outcome, 'cancelled');
    pool.stopAll();
    await pool.gatherAndClose({ returnExceptions: true });
  });

  contract.add('by a timeout is a failure that says so', () =>
    withPool(async (pool) => {
      const group = pool.map(functions().untilAborted, ['x'], { timeout: 30 });
      const error = await errorOf(group.results());
      ok(error instanceof TaskTimedOut);
      has(error, { which: 'timeout' });
    }),
  );
}
