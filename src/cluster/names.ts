/** How things of a cluster are called in Redis. */

import type { PoolIdentity } from '../index.ts';

/** What names consist of: they are part of keys, and `:` separates the parts of these. */
const NAME = /^[\w.{}-]{1,100}$/;

/**
 * @param what whose name it is, for the error.
 * @throws TypeError unless it is a text of 1 to 100 letters, digits, `_`, `.`, `-`, `{` or `}`.
 */
export function checkName(what: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && NAME.test(name)) return;
  const given = typeof name === 'string' ? `'${name}'` : typeof name;
  throw new TypeError(
    `expected ${what} to be 1 to 100 letters, digits, or any of _ . - { }, got ${given}`,
  );
}

/** The keys of a cluster that are not those of its BullMQ queue. */
export interface ClusterKeys {
  /** What the keys of the queue begin with, those of its jobs among them. */
  readonly queue: string;
  /** The stream of what happens to its jobs. */
  readonly events: string;
  /** A hash: what each worker has said of itself, by its id. */
  readonly workers: string;
  /** A hash: when each worker was alive last, by its id. */
  readonly beats: string;
  /** A stream: what workers have to know at once. */
  readonly control: string;
  /** A hash for each pool: which coordinator it has. */
  readonly claim: (uid: string) => string;
}

export function keysOf(prefix: string, name: string): ClusterKeys {
  const queue = `${prefix}:${name}:`;
  // Jobs have no `/` in their ids, and BullMQ none in its keys.
  return {
    queue,
    events: `${queue}events`,
    workers: `${queue}/workers`,
    beats: `${queue}/beats`,
    control: `${queue}/control`,
    claim: (uid) => `${queue}/pool/${uid}`,
  };
}

/** The attempt of a task that a job is for. */
interface Attempt {
  readonly pool: PoolIdentity;
  readonly id: number;
  readonly attempt: number;
}

/**
 * The job of an attempt. Ids of tasks that were never written to the journal are given again when a pool
 * is recovered: the epoch tells their jobs apart.
 */
export function jobIdOf({ pool, id, attempt }: Attempt): string {
  return `${pool.uid}-${pool.epoch}-${id}-${attempt}`;
}
