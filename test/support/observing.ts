/** Helpers for observing promises, journals and running functions. */

import type { BasePool, EventType, PoolEvent } from 'xstate-taskpool';
import { Gate, turn } from './pools.ts';

/** Whether a promise is still pending after everything that could settle it now has run. */
export async function isPending(promise: PromiseLike<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  await turn();
  await turn();
  return !settled;
}

/** The events of a pool so far, without fields that differ from run to run. */
export function eventsOf(pool: BasePool, ...types: EventType[]): object[] {
  return [...pool.journal]
    .filter(({ type }) => types.length === 0 || types.includes(type))
    .map(({ v, pool: _, seq, at, ...fields }) => fields);
}

/** The types of the events of a pool so far. */
export function typesOf(pool: BasePool): EventType[] {
  return [...pool.journal].map(({ type }) => type);
}

/** The events that are recorded from now on. */
export function recording(pool: BasePool): PoolEvent[] {
  const events: PoolEvent[] = [];
  pool.on('*', (event) => void events.push(event));
  return events;
}

/** The error that a promise rejects with; fails if it resolves. */
export async function rejectionOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a promise that rejects, got one that resolved');
}

/** The error that a call throws. */
export function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected a call that throws, got one that returned');
}

/** Every value of a group, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** Work that the test completes item by item, and that tracks what is running. */
export class Stage<T = number> {
  readonly started: T[] = [];
  readonly running = new Set<T>();
  /** The most that ran at once. */
  peak = 0;
  readonly #gates = new Map<T, Gate<T>>();

  /** The task function. It ignores its signal. */
  readonly work = async (item: T): Promise<T> => {
    this.started.push(item);
    this.running.add(item);
    this.peak = Math.max(this.peak, this.running.size);
    try {
      return await this.#gate(item).promise;
    } finally {
      this.running.delete(item);
    }
  };

  /** Completes the work on these items, and waits for everything that follows. */
  async finish(...items: T[]): Promise<void> {
    for (const item of items) this.#gate(item).resolve(item);
    await turn();
  }

  async fail(item: T, error: unknown): Promise<void> {
    this.#gate(item).reject(error);
    await turn();
  }

  #gate(item: T): Gate<T> {
    const gate = this.#gates.get(item) ?? new Gate<T>();
    this.#gates.set(item, gate);
    return gate;
  }
}
