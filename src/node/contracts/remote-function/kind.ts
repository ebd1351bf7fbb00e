/** The description of a remote place that the contract needs. */

import type { AnyFunction, PoolOptions } from '../../../index.ts';
import { TaskPool } from '../../../index.ts';
import type { Contract } from '../contract.ts';

/** A kind of remote place and its optional features. Features that are left out are not tested. */
export interface RemoteKind {
  /**
   * Returns the functions of `xstate-taskpool/testing/contract-functions`, as pools call them. Called in each case.
   */
  readonly work: () => object;
  /**
   * How arguments and results are transferred: unchanged (`same`, for local functions), by structured clone, or as
   * JSON.
   */
  readonly way: 'same' | 'clone' | 'json';
  /** Opens the functions again, with a method `close`, which is tested. Default: not tested. */
  readonly open?: () => Closable | Promise<Closable>;
  /** Whether `process.exit()` in a function ends something other than the process of the tests. Default: false. */
  readonly mayExit?: boolean;
}

interface Closable {
  close(): Promise<void>;
}

/** The exports of `functions.ts`. */
type Name =
  | 'echo'
  | 'join'
  | 'nothing'
  | 'count'
  | 'secret'
  | 'fail'
  | 'failOwn'
  | 'failTwice'
  | 'failWithText'
  | 'tell'
  | 'succeedAt'
  | 'untilAborted'
  | 'throwReason'
  | 'finishAnyway'
  | 'now'
  | 'exit'
  | 'say'
  | 'onAbortTwice'
  | 'failWithNothing'
  | 'failOfPlatform'
  | 'matched';

/** The functions with loose types, since cases also pass invalid arguments. */
export type Functions = Readonly<Record<Name, AnyFunction>>;

/** The environment of cases. */
export interface Parts extends RemoteKind {
  readonly contract: Contract;
  readonly functions: () => Functions;
}

/** Runs a case with a pool, and closes the pool after it. */
export async function withPool<T>(
  use: (pool: TaskPool) => Promise<T>,
  options: PoolOptions = {},
): Promise<T> {
  const pool = new TaskPool({ logger: { info() {}, error() {} }, ...options });
  try {
    return await use(pool);
  } finally {
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  }
}

/** Resolves when this many tasks have reported that they have begun. */
export function begun(pool: Pick<TaskPool, 'on'>, tasks = 1): Promise<void> {
  let left = tasks;
  return new Promise((resolve) => {
    const off = pool.on('task.progressed', ({ progress }) => {
      if (progress !== 'begun' || --left > 0) return;
      off();
      resolve();
    });
  });
}
