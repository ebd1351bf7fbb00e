/** What the contract has to know of a place where functions run. */

import type { AnyFunction, PoolOptions } from '../../../index.ts';
import { TaskPool } from '../../../index.ts';
import type { Contract } from '../contract.ts';

/** A place where functions run, and what it can do besides. What is left out is not tested. */
export interface RemoteKind {
  /** Gives the functions of `xstate-taskpool/testing/contract-functions`, as pools here call them. Asked in each case. */
  readonly work: () => object;
  /**
   * How arguments and results get there: as they are (`same`, for functions that run here), by structured clone, or
   * as JSON.
   */
  readonly way: 'same' | 'clone' | 'json';
  /** Opens the functions once more, to be closed: they have a method `close`. */
  readonly open?: () => Closable | Promise<Closable>;
  /** Whether `process.exit()` there ends something less than the process of the tests. Default: false. */
  readonly mayExit?: boolean;
}

interface Closable {
  close(): Promise<void>;
}

/** What `functions.ts` exports. */
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

/** The functions as cases call them: what is passed is up to them. */
export type Functions = Readonly<Record<Name, AnyFunction>>;

/** What cases are made with. */
export interface Parts extends RemoteKind {
  readonly contract: Contract;
  readonly functions: () => Functions;
}

/** Runs a case with a pool, which is closed after it. */
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

/** Resolves when so many tasks have reported that they have begun. */
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
