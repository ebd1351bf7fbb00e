/** The names and keys of a cluster in Redis. */

import type { PoolIdentity } from '../index.ts';

/** The characters of names: names are part of keys, whose parts are separated by `:`. */
const NAME = /^[\w.{}-]{1,100}$/;

/**
 * @param what the thing with the name, for the error.
 * @throws TypeError unless it is a string of 1 to 100 letters, digits, `_`, `.`, `-`, `{` or `}`.
 */
export function checkName(what: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && NAME.test(name)) return;
  const given = typeof name === 'string' ? `'${name}'` : typeof name;
  throw new TypeError(
    `expected ${what} to be 1 to 100 letters, digits, or any of _ . - { }, got ${given}`,
  );
}

/** The keys of a cluster, including those of its BullMQ queue. */
export interface ClusterKeys {
  /** The prefix of the keys of the queue and its jobs. */
  readonly queue: string;
  /** The event stream of the queue. */
  readonly events: string;
  /** A hash: the information of each worker, by its id. */
  readonly workers: string;
  /** A hash: the last beat of each worker, by its id. */
  readonly beats: string;
  /** A stream of commands to the workers. */
  readonly control: string;
  /** A hash per pool: the coordinator that has claimed it. */
  readonly claim: (uid: string) => string;
}

export function keysOf(prefix: string, name: string): ClusterKeys {
  const queue = `${prefix}:${name}:`;
  // Neither ids of jobs nor keys of BullMQ contain `/`, so there are no collisions.
  return {
    queue,
    events: `${queue}events`,
    workers: `${queue}/workers`,
    beats: `${queue}/beats`,
    control: `${queue}/control`,
    claim: (uid) => `${queue}/pool/${uid}`,
  };
}

/** The attempt of a task. */
interface Attempt {
  readonly pool: PoolIdentity;
  readonly id: number;
  readonly attempt: number;
}

/**
 * The id of the job of an attempt. Task ids that were never written to the journal are reused after recovery: the
 * epoch keeps their jobs apart.
 */
export function jobIdOf({ pool, id, attempt }: Attempt): string {
  return `${pool.uid}-${pool.epoch}-${id}-${attempt}`;
}
