/** A pool for one function with fixed arguments: only the number of tasks is chosen. */

import { Queue, SimpleTaskPool } from 'xstate-taskpool';
import { isEntry } from './entry.ts';
import { type LineCount, queueWorkerFunction, someFiles } from './work.ts';

export async function main(): Promise<{ counted: number; stopped: number[] }> {
  const qIn = new Queue<string>();
  const qOut = new Queue<LineCount>();

  const pool = new SimpleTaskPool(queueWorkerFunction, [qIn, qOut]);
  pool.start(5);

  for (const file of await someFiles()) await qIn.put(file);
  await qIn.join();
  console.log(`${pool.numRunning} tasks of ${pool.funcName} have read ${qOut.size} files`);

  const stopped = pool.stopAll();
  await pool.gatherAndClose();
  console.log(`stopped ${stopped.join(', ')}; ${pool.numRunning} are running`);
  return { counted: qOut.size, stopped };
}

if (isEntry(import.meta)) await main();
