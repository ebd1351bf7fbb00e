import {
  checkpointOf,
  type JournalStore,
  MemoryStore,
  type PoolCheckpoint,
  type PoolEvent,
  replay,
  SimpleTaskPool,
  type TaskContext,
  type TaskGroup,
  TaskPool,
} from 'xstate-taskpool';
import {
  type RecoveryOptions,
  recoverSimpleTaskPool,
  recoverTaskPool,
} from 'xstate-taskpool/recovery';
import { check, type Equal } from '../support/types.ts';

declare const store: JournalStore;
const fetchPage = async (url: string, { attempt }: TaskContext) => `${url} ${attempt}`;
const add = (a: number, b: number) => a + b;
const functions = { fetchPage, add };

// Functions by name are any functions, and change nothing about the types of calls.
const pool = new TaskPool({ functions, journal: store });
check<Equal<ReturnType<typeof pages>, TaskGroup<string>>>();
const pages = () => pool.map(fetchPage, ['/a']);
// @ts-expect-error an item of another type
pool.map(fetchPage, [1]);
// @ts-expect-error a function is one
new TaskPool({ functions: { fetchPage: 1 } });

// Checkpoints.
new TaskPool({ checkpoints: { every: 1000, prune: true } });
new TaskPool({ checkpoints: { every: 1000, prune: { keepLast: 5000 } } });
// @ts-expect-error every how many events
new TaskPool({ checkpoints: { prune: true } });
check<Equal<ReturnType<typeof pool.checkpoint>, Promise<void>>>();
void pool.checkpoint({ prune: true });
// @ts-expect-error an option there is not
void pool.checkpoint({ keep: 5 });

// A pool that goes on.
const resumed = recoverTaskPool(store, { functions });
check<Equal<typeof resumed, Promise<TaskPool>>>();
// @ts-expect-error functions must be there
void recoverTaskPool(store, {});
// @ts-expect-error options must be there
void recoverTaskPool(store);
// @ts-expect-error a store is one
void recoverTaskPool('run.db', { functions });
// @ts-expect-error the journal says the name
void recoverTaskPool(store, { functions, name: 'other' });
// @ts-expect-error the journal says what is retained
void recoverTaskPool(store, { functions, retain: 'all' });
// @ts-expect-error the store is the journal
void recoverTaskPool(store, { functions, journal: new MemoryStore() });
// @ts-expect-error a policy there is not
void recoverTaskPool(store, { functions, onInterrupted: 'ignore' });

void recoverTaskPool(store, {
  functions,
  onInterrupted: 'fail',
  poolSize: 3,
  signal: AbortSignal.timeout(1000),
  sources: {
    array: [1, 2, 3],
    function: (from) => [from.toFixed()],
    seekable: { seek: (from: number) => new Set([from]) },
    asynchronous: (async function* () {
      yield 1;
    })(),
  },
  groups: {
    pages: { onInterrupted: 'retry', endCallback: (id) => id.toFixed() },
  },
} satisfies RecoveryOptions);
// @ts-expect-error not a source
void recoverTaskPool(store, { functions, sources: { numbers: 5 } });
// @ts-expect-error an option of a group there is not
void recoverTaskPool(store, { functions, groups: { pages: { numConcurrent: 3 } } });

// The other kind.
const simple = recoverSimpleTaskPool(store, fetchPage, ['/a'], { functions });
check<Equal<Awaited<typeof simple> extends SimpleTaskPool<string> ? true : false, true>>();
void recoverSimpleTaskPool(store, add, [1, 2], { functions, endCallback: (id) => id });
// @ts-expect-error arguments of another type
void recoverSimpleTaskPool(store, add, [1, '2'], { functions });

// States to go on from.
declare const events: PoolEvent[];
const from = checkpointOf(events, { until: 5 });
check<Equal<typeof from, PoolCheckpoint>>();
replay(events, { from });
// @ts-expect-error a snapshot is not enough to go on
replay(events, { from: pool.snapshot() });

// One program that begins and continues: the pool has the limits of the one that it makes.
const limits = { host: { concurrent: 2 } } as const;
const either = await recoverTaskPool(store, {
  functions,
  begin: (journal) => new TaskPool({ journal, functions, limits }),
});
either.limits.host.concurrent = 3;
void recoverSimpleTaskPool(store, add, [1, 2], {
  functions,
  begin: (journal) => new SimpleTaskPool(add, [1, 2], { journal, functions }),
});
// @ts-expect-error a pool of another kind
void recoverTaskPool(store, { functions, begin: () => new SimpleTaskPool(add, [1, 2]) });
