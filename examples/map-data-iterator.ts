/** `map` over an iterator: one function, many arguments, five concurrent tasks. */

import { TaskPool } from 'xstate-taskpool';
import { isEntry } from './entry.ts';
import { anotherWorkerFunction, type Login, resultsTable } from './work.ts';

/** The pool takes the next item only when it has room for it, so the data may be endless. */
function* dataIterator(): Generator<Login> {
  for (let i = 0; i < 40; i += 1) {
    yield { user: `user-${i}`, password: `secret-${i}`, iterations: 2_000 * (1 + (i % 10)) };
  }
}

export async function main(): Promise<number[]> {
  const pool = new TaskPool();
  const numsRunning: number[] = [];
  pool.on('task.started', () => numsRunning.push(pool.numRunning));

  const group = pool.map(anotherWorkerFunction, dataIterator(), { numConcurrent: 5 });
  console.log(`${group} has been handed over; ${pool.numRunning} tasks have started so far`);

  await pool.gatherAndClose();
  console.log(`${resultsTable.size} keys derived, ${Math.max(...numsRunning)} at once`);
  return numsRunning;
}

if (isEntry(import.meta)) await main();
