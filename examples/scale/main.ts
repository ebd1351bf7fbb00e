/**
 * How much one coordinator can do: the real pool, under a simulated clock, with workers that take their time
 * and are lost now and then. Prints the figures that docs/scale.md shows.
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
  /** How long a task takes on average, in milliseconds; the times are distributed exponentially. */
  readonly mean: number;
  /** From the start of a task until a worker begins, and from there back: milliseconds. */
  readonly dispatch: number;
  /** How long an append to the journal takes, in milliseconds. */
  readonly append: number;
  /** How long a worker lives on average, and until its loss is noticed, in seconds. */
  readonly lifetime: number;
  readonly noticed: number;
  /** Times are rounded to this many milliseconds: what happens in the same ones is a turn of the pool. */
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

/** How many appends are really kept, to see how large they are and how fast they are read. */
const SAMPLE = 20_000;

export interface Figures {
  /** Simulated: seconds, and tasks per second. */
  readonly makespan: number;
  readonly throughput: number;
  /** The part of their time in which workers work on what counts. */
  readonly utilisation: number;
  readonly lostAttempts: number;
  readonly eventsPerTask: number;
  readonly appendsPerSecond: number;
  readonly eventsPerAppend: number;
  readonly bytesPerTask: number;
  /** Real: microseconds of this processor. */
  readonly cpuPerTask: number;
  readonly recoveryPerEvent: number;
  /** Megabytes of the heap at the end. */
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

/** Microseconds for each event until a pool has been made of the journal, as after a kill. */
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
