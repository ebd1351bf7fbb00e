/** Which functions clients may have a pool run, by name. */

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

/**
 * Functions that a program registered, and if it allows that those of modules.
 *
 * @throws TypeError if one of them is no function.
 */
export function functionSource(
  functions: Readonly<Record<string, RunnableFunction>>,
  importFunction?: ImportFunction,
): FunctionSource {
  const registered = new Map(Object.entries(functions));
  for (const [name, fn] of registered) {
    if (typeof fn === 'function') continue;
    throw new TypeError(`expected functions.${name} to be a function, got ${typeof fn}`);
  }
  const names = [...registered.keys()].sort();
  return {
    names,
    find(name) {
      const fn = registered.get(name);
      if (fn !== undefined) return fn;
      if (importFunction !== undefined && name.includes(':')) return importFunction(name);
      const known = names.join(', ') || 'none';
      throw new FunctionNotFound(`expected a registered function (${known}), got '${name}'`);
    },
  };
}
