/** Loads functions of modules as work. */

import { basename } from 'node:path';
import {
  type AnyFunction,
  REMOTE,
  type Reattached,
  type RemoteFunction,
  type TaskContext,
} from '../../../index.ts';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { checkModule, loadModule } from '../../load-module.ts';
import { visible } from '../../visible.ts';
import { hasProgram } from '../exec/programs.ts';
import { byName } from '../input/names.ts';
import { holdsBytes } from './byte-text.ts';
import type { Attempt, Work } from './work.ts';

/**
 * Loads the function that a module exports under a name.
 *
 * @throws CommandFailed if the module cannot be loaded, or exports no such function.
 */
export async function loadWork(
  path: string,
  exportName: string,
  names?: readonly string[],
): Promise<Work> {
  const { exports } = await loadModule(path);
  const { [exportName]: work } = exports;
  if (typeof work === 'function') return functionWork(work as AnyFunction, names);
  const expected = `the ${exportName === 'default' ? 'default export' : `export ${visible(exportName)}`}`;
  const others = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
  const found = others.length === 0 ? 'no function' : others.join(', ');
  throw new CommandFailed(
    ExitCode.usage,
    `expected ${expected} of ${path} to be a function, got ${typeof work}; it exports ${found}`,
  );
}

/**
 * The work that calls a function with each item, locally or remotely.
 *
 * @param names of the values of an item: the function then gets an object.
 */
export function functionWork(fn: AnyFunction, names?: readonly string[]): Work {
  const { [REMOTE]: remote } = fn as Partial<RemoteFunction<[], unknown>>;
  // Called with the documented arguments and nothing else.
  const work: Work = (item, context, attempt) => {
    if (holdsBytes(item)) throw new Error(`item ${attempt.index + 1} is not UTF-8`);
    if (remote === undefined) attempt.begin();
    const argument = names === undefined ? item : byName(item, names);
    return fn(argument, contextOf(context, attempt));
  };
  return remote === undefined ? work : Object.assign(work, { [REMOTE]: remote });
}

/** The work that awaits a call of an earlier process. */
export function attachedWork(reattached: Reattached): Work {
  return (_item, context, attempt) => reattached(contextOf(context, attempt));
}

/**
 * The context of a task, with the index of the item in the input, and a signal that is also aborted when the run
 * stops.
 */
function contextOf(context: TaskContext, attempt: Attempt): TaskContext {
  return Object.create(context, {
    index: { value: attempt.index, enumerable: true },
    // An own property, so that it is copied with the object, but created on first access.
    signal: { get: () => attempt.signal, enumerable: true },
    // Aborts calls that run in threads or on workers of a cluster.
    onAbort: { value: (callback: (reason: unknown) => void) => attempt.onAbort(callback) },
    placed: { value: (by: string) => attempt.begin(by) },
  }) as TaskContext;
}

/**
 * @throws CommandFailed if the module does not exist, with a hint if there is a program of that name.
 */
export function checkWork(path: string): void {
  const name = basename(path);
  checkModule(path, () =>
    hasProgram(name) ? `; to run the program of that name: --exec ${name}` : '',
  );
}
