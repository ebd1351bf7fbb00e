/**
 * How long it takes to continue a pool whose process was killed after so many tasks. The journal is that of the
 * real pool under a simulated clock; the time of the recovery is real. Prints what docs/scale.md shows.
 */

import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type TaskContext, TaskPool } from 'xstate-taskpool';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { isEntry } from '../entry.ts';

export interface Recovery {
  readonly tasks: number;
  /** How many had ended when the process was killed. */
  readonly ended: number;
  /** Events that were held then. */
  readonly events: number;
  /** Real seconds until the pool was there, and microseconds of this processor for each event. */
  readonly seconds: number;
  readonly cpuPerEvent: number;
  /** Megabytes of the heap after that. */
  readonly heap: number;
  /** Tasks that the recovered pool has run: those that had not ended. */
  readonly continued: number;
}

/** How many are still to be done at the kill, at the most. */
const LEFT = 5000;
const WORKERS = 1000;

/** @param checkpoints after how many events each; what is older is pruned. 0: none. */
async function main(tasks: number, checkpoints: number): Promise<Recovery> {
  const folder = await mkdtemp(join(tmpdir(), 'taskpool-recovery-'));
  const killed = join(folder, 'killed');
  try {
    const ended = await killedAt(tasks, checkpoints, join(folder, 'journal'), killed);
    return { tasks, ended, ...(await recovered(tasks, killed)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies a journal while its pool runs: it is what a kill would have left. Returns how many tasks had ended. */
async function killedAt(tasks: number, every: number, path: string, copy: string): Promise<number> {
  const clock = new SimulatedClock();
  const journal = await JsonlStore.open(path, { durability: 'none' });
  // Twenty turns a second: what happens in the same one is one append.
  const work = (item: number, { signal }: TaskContext) =>
    clock.sleep(50 * (1 + (item % 40)), { signal });
  const pool = new TaskPool({
    clock,
    journal,
    functions: { work },
    poolSize: WORKERS,
    retain: 'none',
    history: { size: 10_000 },
    ...(every === 0 ? {} : { checkpoints: { every, prune: true } }),
  });
  const last = Math.max(tasks - LEFT, Math.floor(tasks / 2));
  let ended = 0;
  const suspending = new Promise<{ readonly suspended: Promise<void> }>((resolve) => {
    pool.on('task.ended', () => {
      ended++;
      if (ended !== last) return;
      // Not the lock: it says that this process is alive.
      cpSync(path, copy, { recursive: true, filter: (from) => !basename(from).includes('lock') });
      resolve({ suspended: pool.suspend() });
    });
  });
  pool.map(work, range(0, tasks), { groupName: 'items' });
  const { suspended } = await clock.until(suspending);
  await clock.pass(0);
  // The disk takes its time, which is not that of the clock.
  await suspended;
  return last;
}

async function recovered(tasks: number, path: string) {
  const store = await JsonlStore.open(path);
  const events = store.nextSeq - store.firstSeq;
  let continued = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const pool = await recoverTaskPool(store, {
    functions: {
      work: async () => {
        continued++;
      },
    },
    sources: { items: range(0, tasks) },
  });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const heap = process.memoryUsage().heapUsed / 2 ** 20;
  await pool.gatherAndClose();
  await store.close();
  return { events, seconds, cpuPerEvent: (user + system) / events, heap, continued };
}

function* range(first: number, end: number): Generator<number> {
  for (let item = first; item < end; item++) yield item;
}

if (isEntry(import.meta)) {
  const { values } = parseArgs({
    options: {
      tasks: { type: 'string', default: '10000000' },
      checkpoints: { type: 'string', default: '0' },
    },
  });
  const figures = await main(Number(values.tasks), Number(values.checkpoints));
  console.log(JSON.stringify(figures, undefined, 2));
}
