/**
 * Measures how much one coordinator can do: a real pool under a simulated clock, with workers that take time and are
 * sometimes lost. Prints the figures in docs/scale.md.
 */

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TaskPool, WorkerLost } from 'xstate-taskpool';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { isEntry } from '../entry.ts';
import { CountingStore } from './counting-store.ts';
import { Random } from './random.ts';

export interface Setting {
  readonly tasks: number;
  /** Each runs one task at a time. */
  readonly workers: number;
  /** The average time of a task in milliseconds, exponentially distributed. */
  readonly mean: number;
  /** Milliseconds from the start of a task until a worker begins with it, and for the way back. */
  readonly dispatch: number;
  /** The time of an append to the journal, in milliseconds. */
  readonly append: number;
  /** The average lifetime of a worker, and the time until its loss is noticed, in seconds. */
  readonly lifetime: number;
  readonly noticed: number;
  /** The resolution of the clock in milliseconds: what happens within it happens in the same turn. */
  readonly tick: number;
}

export const USUAL: Setting = {
  tasks: 10_000_000,
  workers: 1000,
  mean: 1000,
  dispatch: 3,
  append: 1,
  lifetime: 86_400,
  noticed: 10,
  tick: 1,
};

/** The number of appends that are really stored, to measure their size and the speed of reading them. */
const SAMPLE = 20_000;

export interface Figures {
  /** Simulated: in seconds, and in tasks per second. */
  readonly makespan: number;
  readonly throughput: number;
  /** The fraction of their time in which workers work on attempts that are not lost. */
  readonly utilisation: number;
  readonly lostAttempts: number;
  readonly eventsPerTask: number;
  readonly appendsPerSecond: number;
  readonly eventsPerAppend: number;
  readonly bytesPerTask: number;
  /** Real: microseconds of CPU time. */
  readonly cpuPerTask: number;
  readonly recoveryPerEvent: number;
  /** Megabytes of heap at the end. */
  readonly heap: number;
}

export async function main(given: Partial<Setting> = {}): Promise<Figures> {
  const setting = { ...USUAL, ...given };
  const folder = await mkdtemp(join(tmpdir(), 'taskpool-scale-'));
  try {
    const path = join(folder, 'journal');
    const figures = await simulated(setting, path);
    return { ...figures, recoveryPerEvent: await recovered(path) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function simulated(setting: Setting, path: string) {
  const { tasks, workers, mean, dispatch, append, lifetime, noticed, tick } = setting;
  const clock = new SimulatedClock();
  const random = new Random(20_261_126);
  const kept = await JsonlStore.open(path, { durability: 'none' });
  const journal = new CountingStore(kept, SAMPLE, clock, append);
  let worked = 0;
  let lostAttempts = 0;

  const round = (ms: number) => Math.max(1, Math.round(ms / tick)) * tick;

  async function work(_item: number): Promise<void> {
    const takes = random.exponential(mean);
    if (random.next() < takes / (lifetime * 1000)) {
      lostAttempts++;
      await clock.sleep(round(takes * random.next() + noticed * 1000));
      throw new WorkerLost('the worker is gone');
    }
    await clock.sleep(round(takes + 2 * dispatch));
    worked += takes;
  }

  const pool = new TaskPool({
    clock,
    journal,
    functions: { work },
    poolSize: workers,
    retain: 'none',
    history: { size: 10_000 },
  });
  const cpu = process.cpuUsage();
  const group = pool.map(work, range(0, tasks), {
    groupName: 'items',
    retry: { limit: 5, delay: 0, when: (error) => error instanceof WorkerLost },
  });
  await clock.until(pool.gatherAndClose());
  const { user, system } = process.cpuUsage(cpu);
  await kept.close();
  if (group.progress.ended !== tasks) throw new Error('expected all tasks to have ended');
  const makespan = clock.now() / 1000;
  return {
    makespan,
    throughput: tasks / makespan,
    utilisation: worked / 1000 / (makespan * workers),
    lostAttempts,
    eventsPerTask: journal.events / tasks,
    appendsPerSecond: journal.appends / makespan,
    eventsPerAppend: journal.events / journal.appends,
    bytesPerTask: ((await sizeOf(path)) * journal.appends) / journal.kept / tasks,
    cpuPerTask: (user + system) / tasks,
    heap: process.memoryUsage().heapUsed / 2 ** 20,
  };
}

/** Microseconds per event to recover a pool from the journal, as after a crash. */
async function recovered(path: string): Promise<number> {
  const store = await JsonlStore.open(path);
  const events = store.nextSeq - store.firstSeq;
  const start = performance.now();
  const pool = await recoverTaskPool(store, {
    functions: { work: async () => {} },
    sources: { items: [] },
    groups: { items: { retry: { limit: 5, when: () => true } } },
    logger: { info: () => {}, error: () => {} },
  });
  const took = performance.now() - start;
  if (!pool.isClosed) await pool.suspend().catch(() => {});
  await store.close();
  return (took * 1000) / events;
}

async function sizeOf(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('events-'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function* range(first: number, end: number): Generator<number> {
  for (let item = first; item < end; item++) yield item;
}

function settingOf(args: readonly string[]): Partial<Setting> {
  const names = Object.keys(USUAL);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
}

if (isEntry(import.meta)) {
  console.log(JSON.stringify(await main(settingOf(process.argv.slice(2))), undefined, 2));
}
