/** Options by name, refused where there is none of a name: a misspelt option would do nothing. */

import { nearest } from './nearest.ts';

/** Every option, with the names that other libraries have for it. */
export type OptionTable<O> = { readonly [Name in keyof O]-?: readonly string[] };

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

  #meant(name: string): string | undefined {
    const entries = Object.entries(this.#table);
    const lower = name.toLowerCase();
    const alias = entries.find(([, others]) => others.some((each) => each.toLowerCase() === lower));
    return alias?.[0] ?? nearest(name, Object.keys(this.#table));
  }
}
