/** The registered functions of a durable pool: a journal stores their names. */

import { NotStorable } from '../../errors.ts';
import { describe, refuse } from '../../kit/checks.ts';
import { isObject } from '../../kit/realms.ts';
import type { AnyFunction, TaskFunctions } from '../functions/task-types.ts';
import { checkFunction } from '../options/check-function.ts';

/** @throws TypeError, NotAFunction */
export function checkFunctions(name: string, functions: unknown): void {
  if (!isObject(functions)) refuse(`${name} to be an object of functions by name`, functions);
  for (const [key, fn] of Object.entries(functions)) checkFunction(`${name}.${key}`, fn);
}

export class Functions {
  readonly #byName: ReadonlyMap<string, AnyFunction>;
  readonly #names: ReadonlyMap<AnyFunction, string>;

  /** @throws TypeError, NotAFunction */
  constructor(functions: TaskFunctions) {
    checkFunctions('functions', functions);
    const entries = Object.entries(functions);
    this.#byName = new Map(entries);
    // If a function has several names, the first one is used.
    this.#names = new Map(entries.map(([name, fn]): [AnyFunction, string] => [fn, name]).reverse());
  }

  get(name: string): AnyFunction | undefined {
    return this.#byName.get(name);
  }

  /** The names, for error messages. */
  get list(): string {
    return this.#byName.size === 0 ? 'none' : [...this.#byName.keys()].join(', ');
  }

  /** @throws NotStorable */
  nameOf(fn: AnyFunction): string {
    const name = this.#names.get(fn);
    if (name !== undefined) return name;
    throw new NotStorable(
      `expected one of the functions of the pool (${this.list}), got ${describe(fn)}`,
    );
  }
}
