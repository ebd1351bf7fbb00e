/** The functions that clients can have a pool run, by name. */

import { refuse } from '../kit/checks.ts';
import { printableName } from '../printable/text.ts';
import type { RunnableFunction } from './command.ts';
import { FunctionNotFound } from './errors.ts';

/** Looks up functions. */
export interface FunctionSource {
  /** The names offered by completion. */
  readonly names: readonly string[];
  /** @throws FunctionNotFound */
  find(name: string): RunnableFunction | Promise<RunnableFunction>;
}

/** Imports a function by `./folder/module.mjs:name`. @throws FunctionNotFound */
export type ImportFunction = (reference: string) => Promise<RunnableFunction>;

/** Whether a value is a function, and not a thenable. */
export function isRunnable(value: unknown): value is RunnableFunction {
  return typeof value === 'function' && !('then' in value);
}

/**
 * A source of the functions that a program registered, and of modules if it allows that.
 *
 * @throws TypeError if one of them is not a function.
 */
export function functionSource(
  functions: Readonly<Record<string, RunnableFunction>>,
  importFunction?: ImportFunction,
): FunctionSource {
  if (typeof functions !== 'object' || functions === null)
    refuse('functions to be an object', functions);
  const registered = new Map(Object.entries(functions));
  for (const [name, fn] of registered) {
    if (isRunnable(fn)) continue;
    throw new TypeError(`expected functions.${name} to be a function, got ${kindOf(fn)}`);
  }
  const names = [...registered.keys()].sort();
  return {
    names,
    find(name) {
      const fn = registered.get(name);
      if (fn !== undefined) return fn;
      if (importFunction !== undefined && name.includes(':')) return importFunction(name);
      const known = names.join(', ') || 'none';
      throw new FunctionNotFound(
        `expected a registered function (${known}), got '${printableName(name)}'`,
      );
    },
  };
}

function kindOf(value: unknown): string {
  return typeof value === 'function' ? 'one that has a method `then`' : typeof value;
}
