/** Regulates the number of workers by the number of items that arrive and of workers that have failed. */

import { setImmediate as settle } from 'node:timers/promises';
import { Queue, SimpleTaskPool } from 'xstate-taskpool';
import { isEntry } from './entry.ts';
import { type LineCount, queueWorkerFunction, someFiles } from './work.ts';

/** The files that arrive in each round, and the names of missing files, each of which makes a worker fail. */
const ROUNDS = [
  { files: 10, broken: 3 },
  { files: 20, broken: 0 },
  { files: 20, broken: 0 },
  { files: 20, broken: 0 },
  { files: 20, broken: 0 },
  { files: 0, broken: 0 },
  { files: 5, broken: 0 },
];

export async function main(): Promise<number[]> {
  const files = await someFiles();
  const qIn = new Queue<string>();
  const qOut = new Queue<LineCount>();

  const pool = new SimpleTaskPool(queueWorkerFunction, [qIn, qOut]);
  pool.start(5);
  const numsRunning: number[] = [];

  for (const arriving of ROUNDS) {
    for (let i = 0; i < arriving.files; i += 1) await qIn.put(files[i % files.length] ?? '');
    for (let i = 0; i < arriving.broken; i += 1) await qIn.put(`no-such-file-${i}`);
    await qIn.join();
    await settle(); // lets the workers that failed end

    const before = pool.numRunning;
    if (arriving.files === 0 && pool.numRunning > 10) {
      pool.stop(3);
    } else if (arriving.files > 0 && pool.numRunning < 5) {
      pool.start(5);
    } else {
      pool.start(1);
    }

    await settle(); // tasks start after `start` has returned, and end after `stop` has
    console.log(`${arriving.files} files came, ${before} workers ran, now ${pool.numRunning} do`);
    numsRunning.push(pool.numRunning);
  }

  pool.stopAll();
  await pool.gatherAndClose({ returnExceptions: true });
  console.log(`${qOut.size} files counted; ${pool.totals.rejected} workers failed`);
  return numsRunning;
}

if (isEntry(import.meta)) await main();
