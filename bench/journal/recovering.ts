/** Unfinished tasks of a process, completed or cancelled by the next one, compared with tasks of a new pool. */
import {
  EVENT_VERSION,
  type JournalStore,
  MemoryStore,
  type PoolEvent,
  TaskPool,
} from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { medianMicros, type Scenario } from '../measure.ts';
import { CONCURRENCY, count, ours, range, type Scale, type Section } from '../model.ts';
import { noop } from '../workloads/w1-noop.ts';
import { newPath } from './folders.ts';
import { stores } from './stores.ts';

/** The batch size of a pool. */
const BATCH = 2000;
export const MEMORY = 'MemoryStore';
const GROUP = 'left';
const functions = { noop };
/** The options of both pools. */
const options = { functions, poolSize: CONCURRENCY };
/** Enough for V8 to compile the code. */
const WARM_UP = 20_000;

/** A place for one journal: each opening returns what was written before. */
interface Place {
  open(): Promise<JournalStore>;
}

const PLACES: readonly { readonly name: string; make(): Place }[] = [
  ...stores.map(({ name, open }) => ({
    name,
    make: () => {
      const path = newPath();
      return { open: () => open(path) };
    },
  })),
  {
    name: MEMORY,
    make: () => {
      const store = new MemoryStore({ size: Number.POSITIVE_INFINITY });
      return { open: async () => store };
    },
  },
];

export const fresh = (store: string) => `${store}, a new pool`;
export const interrupted = (store: string) => `${store}, interrupted`;

export function drainSection({ quick }: Scale): Section {
  const tasks = quick ? 20_000 : 200_000;
  return {
    id: 'drain',
    title: `${count(tasks)} async no-ops, ${CONCURRENCY} at a time: those of a call of map(), and those that had all started when their process died`,
    unit: 'µs per task',
    contenders: PLACES.flatMap(({ name, make }) => [
      ours(fresh(name), () => microsPerTask(tasks, (n) => mapped(make, n))),
      ours(interrupted(name), () => microsPerTask(tasks, (n) => drained(make, n))),
    ]),
  };
}

export function cancelSection({ quick }: Scale): Section {
  const tasks = quick ? 20_000 : 200_000;
  return {
    id: 'cancel-recovered',
    title: `${count(tasks)} tasks that had started when their process died, cancelled by one call`,
    unit: 'ms',
    contenders: PLACES.map(({ name, make }) =>
      ours(
        name,
        async () => ((await microsPerTask(tasks, (n) => cancelled(make, n))) * tasks) / 1000,
      ),
    ),
  };
}

/** Microseconds per task of one run in a warm process, since a pool is recovered once. */
async function microsPerTask(
  tasks: number,
  scenario: (tasks: number) => Scenario,
): Promise<number> {
  await medianMicros(scenario(WARM_UP), { warmups: 3, runs: 1 });
  return (await medianMicros(scenario(tasks), { warmups: 0, runs: 1 })) / tasks;
}

/** A call of `map`, its tasks, and all writes for them. */
function mapped(make: () => Place, tasks: number): Scenario {
  return async () => {
    const items = range(tasks);
    const pool = new TaskPool({ ...options, journal: await make().open() });
    return async () => {
      pool.map(noop, items, { numConcurrent: Number.POSITIVE_INFINITY });
      await finish(pool, tasks);
    };
  };
}

/** Measured from when the pool is recovered, before anything has started. */
function drained(make: () => Place, tasks: number): Scenario {
  return async () => {
    const pool = await recovered(make(), tasks);
    return () => finish(pool, tasks);
  };
}

function cancelled(make: () => Place, tasks: number): Scenario {
  return async () => {
    const pool = await recovered(make(), tasks);
    return () => pool.cancelGroup(GROUP);
  };
}

async function finish(pool: TaskPool, tasks: number): Promise<void> {
  await pool.untilIdle();
  await pool.untilDurable();
  const { fulfilled } = pool.totals;
  if (fulfilled !== tasks) throw new Error(`Expected ${tasks} tasks to end, got ${fulfilled}.`);
}

async function recovered(place: Place, tasks: number): Promise<TaskPool> {
  const before = await place.open();
  let batch: PoolEvent[] = [];
  for (const event of eventsLeft(tasks)) {
    if (batch.push(event) < BATCH) continue;
    await before.append(batch);
    batch = [];
  }
  await before.append(batch);
  if (!(before instanceof MemoryStore)) await before.close();
  return recoverTaskPool(await place.open(), options);
}

/** The journal of a process that died after starting all tasks of a call, before any had ended. */
function* eventsLeft(tasks: number): Generator<PoolEvent> {
  const group = GROUP;
  let seq = 0;
  const common = () =>
    ({
      v: EVENT_VERSION,
      pool: 'bench',
      seq: seq++,
      at: 1_790_000_000_000 + Math.floor(seq / 300),
    }) as const;
  yield { ...common(), type: 'pool.created', kind: 'TaskPool', poolSize: null, retain: 10_000 };
  yield {
    ...common(),
    ...{ type: 'group.created', group, method: 'map', functionName: 'noop', numConcurrent: null },
    ...{ planned: tasks, items: 'supplied' },
  };
  for (let first = 0; first < tasks; first += 1000) {
    const items = Array.from({ length: Math.min(1000, tasks - first) }, (_, n) => first + n);
    yield { ...common(), type: 'group.supplied', group, items };
  }
  for (let id = 0; id < tasks; id++) {
    yield { ...common(), type: 'task.queued', id, group, index: id };
    if (id === tasks - 1) yield { ...common(), type: 'group.exhausted', group, created: tasks };
    yield { ...common(), type: 'task.started', id, group };
  }
}
