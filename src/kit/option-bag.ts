/** Checked options: unknown names are refused, since a misspelt option would silently do nothing. */

import { type Check, refuse } from './checks.ts';
import { hint } from './nearest.ts';
import { quoted } from './printed.ts';
import { isObject } from './realms.ts';

/**
 * For each option: the check of its value, if it is checked here, and its names in other libraries that are not
 * similar to its own.
 */
export type OptionTable<O> = {
  readonly [Name in keyof O]-?: readonly string[] | readonly [Check, ...string[]];
};

type Row = readonly (Check | string)[];

/** The options of a call. */
export class OptionBag<O extends object> {
  /** Without a prototype, so that `constructor` is no option. */
  readonly #table: Readonly<Record<string, Row>>;
  readonly #overlooked: readonly string[];

  /** @param overlooked other properties of an object that can be passed as options as it is. */
  constructor(table: OptionTable<O>, overlooked: readonly string[] = []) {
    this.#table = Object.assign(Object.create(null), table);
    this.#overlooked = overlooked;
  }

  /**
   * @param where the call, for the error: `map()`.
   * @param prefix put before the name of an option in errors of its value: `retry.`.
   * @throws TypeError if it is no object or has an unknown option; what the checks throw.
   */
  check(where: string, options: unknown, prefix = ''): void {
    if (!isObject(options)) refuse(`the options of ${where} to be an object`, options);
    for (const name in options) {
      if (name in this.#table) this.#checkValue(prefix, name, options);
      // Inherited unknown properties are allowed: an AbortController can be passed where a `signal` is expected.
      else if (Object.hasOwn(options, name) && !this.#overlooked.includes(name)) {
        this.#refuse(where, name);
      }
    }
    if (isPlain(options)) return;
    // Getters of a class are not enumerable, but must be checked as well.
    for (const name in this.#table) this.#checkValue(prefix, name, options);
  }

  /** The given options, with defaults for missing and undefined ones. */
  fill<D extends Partial<O>>(given: O, defaults: D): O & D {
    const all: Record<string, unknown> = {};
    for (const name in this.#table) {
      const value = given[name as keyof O];
      const chosen = value === undefined ? defaults[name as keyof O] : value;
      if (chosen !== undefined) all[name] = chosen;
    }
    return all as O & D;
  }

  #checkValue(prefix: string, name: string, options: Readonly<Record<string, unknown>>): void {
    const [check] = this.#table[name] as Row;
    const value = options[name];
    if (value !== undefined && typeof check === 'function') check(prefix + name, value);
  }

  #refuse(where: string, name: string): never {
    const said = hint(name, Object.keys(this.#table), this.#elsewhere());
    throw new TypeError(`expected an option of ${where}, got ${quoted(name)}: ${said}`);
  }

  /** The names of other libraries, each with the option here. */
  #elsewhere(): Map<string, string> {
    const names = new Map<string, string>();
    for (const [name, row] of Object.entries(this.#table)) {
      for (const each of row) if (typeof each === 'string') names.set(each, name);
    }
    return names;
  }
}

function isPlain(options: object): boolean {
  return Object.getPrototypeOf(options) === Object.prototype;
}
