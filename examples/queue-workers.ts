/** `apply`: one function, five concurrent tasks, which share an input and an output queue. */

import { Queue, TaskPool } from 'xstate-taskpool';
import { isEntry } from './entry.ts';
import { type LineCount, queueWorkerFunction, someFiles } from './work.ts';

export async function main(): Promise<LineCount[]> {
  const qIn = new Queue<string>();
  const qOut = new Queue<LineCount>();

  const pool = new TaskPool();
  const group = pool.apply(queueWorkerFunction, [qIn, qOut], { num: 5 });
  console.log(`${pool} has started ${group}`);

  // Run some other code and let the tasks do their thing.
  for (const file of await someFiles()) await qIn.put(file);
  await qIn.join();
  console.log(`${pool.numRunning} workers have read ${qOut.size} files and wait for more`);

  // At some point, we want the tasks to stop waiting for new items and end.
  pool.cancelGroup(group);
  // Cancelled workers still have to clean up. `flush` waits for callbacks only, not for functions.
  await pool.untilIdle();
  await pool.flush();
  console.log(`${pool.totals.cancelled} workers were cancelled, ${pool.numRunning} are running`);

  return takeAll(qOut);
}

function takeAll<T>(queue: Queue<T>): T[] {
  return Array.from({ length: queue.size }, () => queue.getNowait());
}

if (isEntry(import.meta)) await main();
