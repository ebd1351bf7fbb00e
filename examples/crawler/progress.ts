import type { BasePool } from 'xstate-taskpool';

const LINE_MS = 1000;

/** Prints the progress of a crawl once per second, from the counts and events of the pool. */
export function showProgress(pool: BasePool, total: number): Disposable {
  let failed = 0;
  let pauses = 0;
  const off = [pool.on('task.failed', () => failed++), pool.on('limit.paused', () => pauses++)];
  const timer = setInterval(() => {
    const { totals, numRunning, numDelayed, poolSize } = pool;
    const done = totals.fulfilled + totals.rejected;
    console.log(
      [
        `${Math.floor((100 * done) / total)} %`,
        `${numRunning} of ${poolSize} running`,
        `${numDelayed} to be tried again`,
        `${failed} attempts failed`,
        `${pauses} pauses of hosts`,
      ].join(', '),
    );
  }, LINE_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      for (const unsubscribe of off) unsubscribe();
    },
  };
}
