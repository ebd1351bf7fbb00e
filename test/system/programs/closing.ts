/** A program whose pool is closed by a signal; `signals.test.ts` runs it as a process and sends it one. */

import { TaskPool } from 'xstate-taskpool';
import { closeOnSignal } from 'xstate-taskpool/node';

const pool = new TaskPool();
closeOnSignal(pool, { grace: Number(process.argv[2]) });
pool.on('pool.closing', () => console.log('closing'));
pool.on('task.ended', ({ outcome }) => console.log(outcome));
pool.on('pool.closed', () => console.log('closed'));
pool.apply(async ({ signal }) => {
  console.log('running');
  await new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 60_000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
});
