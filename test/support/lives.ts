/** Pools that die, and others that continue their work. */

import {
  type BasePool,
  type EventStore,
  MemoryStore,
  type PoolCheckpoint,
  type PoolEvent,
  type PoolKind,
  type TaskPool,
} from 'xstate-taskpool';
import { type RecoveryOptions, recoverTaskPool } from 'xstate-taskpool/recovery';
import { actors, Log } from './pools.ts';

/** The written events that are left if the process of a pool dies now, or had died after an event. */
export async function leftBy(pool: BasePool, until = Number.POSITIVE_INFINITY) {
  return storeWith([...pool.journal].filter(({ seq }) => seq <= until));
}

/** A store with events as they are after JSON. */
export async function storeWith(events: readonly PoolEvent[]): Promise<MemoryStore> {
  const store = new MemoryStore({ size: Number.POSITIVE_INFINITY });
  await store.append(JSON.parse(JSON.stringify(events)) as PoolEvent[]);
  return store;
}

/**
 * The checkpoint of a pool that died with a number of tasks of the group `big` waiting for a slot. Later writes are
 * dropped.
 */
export function leftWithQueued(kind: PoolKind, count: number): EventStore {
  const group = {
    ordinal: 0,
    fields: {
      group: 'big',
      method: kind === 'TaskPool' ? 'apply' : 'start',
      functionName: 'work',
      numConcurrent: null,
      planned: count,
      args: [],
    },
    source: 'exhausted',
    paused: false,
    created: count,
    ended: 0,
  } as const;
  const task = { group: 0, attempt: 1, state: 'queued' } as const;
  const state: PoolCheckpoint = {
    v: 3,
    seq: 1,
    name: 'p',
    kind,
    status: 'open',
    poolSize: null,
    retain: 'none',
    totals: { created: count, started: 0, fulfilled: 0, rejected: 0, cancelled: 0 },
    groupsCreated: 1,
    groups: [group],
    tasks: Array.from({ length: count }, (_, id) => ({ ...task, id, index: id })),
    running: [],
    ended: [],
  };
  return {
    append: async (batch) => ({ lastSeq: batch.at(-1)?.seq ?? -1 }),
    read: async function* () {},
    tail: async function* () {},
    checkpoint: async () => {},
    latestCheckpoint: async () => ({ seq: 1, state }),
    close: async () => {},
  };
}

/** Recovers a pool in the actor mode of the run, and silently unless a logger is given. */
export function resume(store: EventStore, options: RecoveryOptions): Promise<TaskPool> {
  return recoverTaskPool(store, { actors, logger: new Log(), ...options });
}

/** A function that records its calls: the first argument, the id and the attempt. */
export function noting(body: (item: never) => unknown = () => undefined) {
  const calls: [item: unknown, id: number, attempt: number][] = [];
  const work = async (item: unknown, { id, attempt }: { id: number; attempt: number }) => {
    calls.push([item, id, attempt]);
    return body(item as never);
  };
  return { work, calls };
}
