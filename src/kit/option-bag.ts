/** Options by name, refused where there is none of a name: a misspelt option would do nothing. */

import { LONGEST_NAME, nearest } from './nearest.ts';

/** Every option, with names that other libraries have for it and that are nothing like its own. */
export type OptionTable<O> = { readonly [Name in keyof O]-?: readonly string[] };

/** Parts of names that are shorter mean nothing. */
const SHORTEST_PART = 4;

/** The options that some call takes. */
export class OptionBag<O extends object> {
  /** Without a prototype: no option is named `constructor`. */
  readonly #table: Readonly<Record<string, readonly string[]>>;

  constructor(table: OptionTable<O>) {
    this.#table = Object.assign(Object.create(null), table);
  }

  /**
   * Checks the names of options, not what they are set to.
   *
   * @param where whose options they are, for the error: `map()`.
   * @throws TypeError if it is no object, or has an option that there is not.
   */
  check(where: string, options: unknown): void {
    if (typeof options !== 'object' || options === null) {
      throw new TypeError(
        `expected the options of ${where} to be an object, got ${options === null ? 'null' : typeof options}`,
      );
    }
    for (const name in options) {
      // What is inherited was hardly meant: an AbortController will do where a signal is wanted.
      if (!(name in this.#table) && Object.hasOwn(options, name)) this.#refuse(where, name);
    }
  }

  #refuse(where: string, name: string): never {
    const meant = this.#meant(name);
    const hint =
      meant === undefined
        ? `: there are ${Object.keys(this.#table).join(', ')}`
        : `: did you mean '${meant}'?`;
    throw new TypeError(`expected an option of ${where}, got '${name}'${hint}`);
  }

  /** The option whose name, here or in another library, is near or part of the one given. */
  #meant(given: string): string | undefined {
    const options = new Map<string, string>();
    for (const [name, others] of Object.entries(this.#table)) {
      for (const each of [name, ...others]) options.set(each, name);
    }
    const names = [...options.keys()];
    const meant = nearest(given, names) ?? names.find((name) => isPart(given, name));
    return meant && options.get(meant);
  }
}

/** Whether one name is part of the other, as `size` is of `poolSize`, and long enough to mean it. */
function isPart(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < SHORTEST_PART || one.length > LONGEST_NAME) return false;
  const [given, name] = [one.toLowerCase(), other.toLowerCase()];
  return given.includes(name) || name.includes(given);
}
