/** Pools that die, and others that go on with their work. */

import {
  type BasePool,
  type EventStore,
  MemoryStore,
  type PoolEvent,
  type ResumeOptions,
  TaskPool,
} from 'xstate-taskpool';
import { actors, Log } from './pools.ts';

/** What is left if the process of a pool dies now, or had died after an event: what was written. */
export async function leftBy(pool: BasePool, until = Number.POSITIVE_INFINITY) {
  return storeWith([...pool.journal].filter(({ seq }) => seq <= until));
}

/** A store that holds events as JSON brings them back. */
export async function storeWith(events: readonly PoolEvent[]): Promise<MemoryStore> {
  const store = new MemoryStore({ size: Number.POSITIVE_INFINITY });
  await store.append(JSON.parse(JSON.stringify(events)) as PoolEvent[]);
  return store;
}

/** Goes on in the actor mode of the run, and silently unless a logger is given. */
export function resume(store: EventStore, options: ResumeOptions): Promise<TaskPool> {
  return TaskPool.resume(store, { actors, logger: new Log(), ...options });
}

/** A function that notes its calls: the first argument, the id and the attempt. */
export function noting(body: (item: never) => unknown = () => undefined) {
  const calls: [item: unknown, id: number, attempt: number][] = [];
  const work = async (item: unknown, { id, attempt }: { id: number; attempt: number }) => {
    calls.push([item, id, attempt]);
    return body(item as never);
  };
  return { work, calls };
}
