/** A program whose workers are counted, started, stopped and closed from outside, through a control server. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, SimpleTaskPool, type TaskContext } from 'xstate-taskpool';
import { TCPControlServer } from 'xstate-taskpool/control';
import { isEntry } from './entry.ts';

/** Takes numbers from the queue and works on them one at a time, until the worker is cancelled. */
async function worker(numbers: Queue<number>, ctx: TaskContext): Promise<void> {
  for await (const number of numbers.items(ctx)) {
    await sleep(100, undefined, ctx);
    ctx.report(number);
  }
}

/** Puts numbers into a queue as fast as they are taken, until the signal is aborted. */
async function produce(numbers: Queue<number>, signal: AbortSignal): Promise<void> {
  for (let number = 0; !signal.aborted; number++) await numbers.put(number, { signal });
}

/** Returns the number of tasks. */
export async function main(port = 9999): Promise<number> {
  const numbers = new Queue<number>({ maxsize: 10 });
  const pool = new SimpleTaskPool(worker, [numbers]);
  pool.start(3);

  const server = new TCPControlServer(pool, { port });
  const address = await server.listen();

  const closing = new AbortController();
  const produced = produce(numbers, closing.signal).catch(() => {});
  const stop = () => {
    pool.stopAll();
    void pool.gatherAndClose({ returnExceptions: true });
  };
  process.once('SIGINT', stop);
  // The user may press Ctrl-C as soon as this is printed.
  console.log(`${pool} is controlled on ${address.host}, port ${address.port}`);

  await pool.untilClosed();
  console.log(`${pool} was closed; ${pool.totals.created} workers had been started`);
  process.off('SIGINT', stop);
  closing.abort();
  await produced;
  await server.close();
  return pool.totals.created;
}

if (isEntry(import.meta)) {
  const [, , port = '9999'] = process.argv;
  await main(Number(port));
}
