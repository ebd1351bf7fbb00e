/** Which functions clients may have a pool run, by name. */

import { refuse } from '../kit/checks.ts';
import { printableName } from '../printable/text.ts';
import type { RunnableFunction } from './command.ts';
import { FunctionNotFound } from './errors.ts';

/** Where functions are looked up. */
export interface FunctionSource {
  /** The names that completion offers. */
  readonly names: readonly string[];
  /** @throws FunctionNotFound */
  find(name: string): RunnableFunction | Promise<RunnableFunction>;
}

/** Imports a function by `./folder/module.mjs:name`. @throws FunctionNotFound */
export type ImportFunction = (reference: string) => Promise<RunnableFunction>;

/** Whether it is a function, and none that a promise would take for another promise. */
export function isRunnable(value: unknown): value is RunnableFunction {
  return typeof value === 'function' && !('then' in value);
}

/**
 * Functions that a program registered, and if it allows that those of modules.
 *
 * @throws TypeError if one of them is no function.
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
