/**
 * Measures how long it takes to recover a pool whose process was killed after a number of tasks. The journal is
 * written by a real pool under a simulated clock; the time of the recovery is real. Prints the figures in
 * docs/scale.md.
 */

import { cpSync, rmSync } from 'node:fs';
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
  /** The number of tasks that had ended when the process was killed. */
  readonly ended: number;
  /** The number of events in the journal at that time. */
  readonly events: number;
  /** Real seconds until the pool was recovered, and microseconds of CPU time per event. */
  readonly seconds: number;
  readonly cpuPerEvent: number;
  /** Megabytes of heap afterwards. */
  readonly heap: number;
  /** The number of tasks that the recovered pool has run: those that had not ended. */
  readonly continued: number;
}

/** The maximum number of tasks that are left when the process is killed. */
const LEFT = 5000;
const WORKERS = 1000;

/**
 * @param checkpoints the number of events between checkpoints; older events are pruned. 0: no checkpoints.
 */
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

/** Copies a journal while its pool is running, as a kill would leave it. Returns the number of ended tasks. */
async function killedAt(tasks: number, every: number, path: string, copy: string): Promise<number> {
  const clock = new SimulatedClock();
  const journal = await JsonlStore.open(path, { durability: 'none' });
  // Durations are multiples of 50 ms, so that many tasks end in the same turn, with one append.
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
      copyJournal(path, copy);
      resolve({ suspended: pool.suspend() });
    });
  });
  pool.map(work, range(0, tasks), { groupName: 'items' });
  const { suspended } = await clock.until(suspending);
  await clock.pass(0);
  // Writing to the disk takes real time, not that of the clock.
  await suspended;
  return last;
}

/** Copies all files but the lock, which says that this process is alive. */
function copyJournal(path: string, copy: string): void {
  for (;;) {
    try {
      cpSync(path, copy, { recursive: true, filter: (from) => !basename(from).includes('lock') });
      return;
    } catch (error) {
      // A checkpoint that is being written has renamed or removed a file after the folder was listed.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      rmSync(copy, { recursive: true, force: true });
    }
  }
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
