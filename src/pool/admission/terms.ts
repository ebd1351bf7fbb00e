/** Which keys the tasks of a group need: the same for all, or what a function makes of each item. */

import type { LimitKey } from '../../events/events.ts';
import { describe } from '../../kit/checks.ts';
import { quoted } from '../../kit/printed.ts';
import { isThenable, markHandled } from '../../kit/promises.ts';

/** A key, or what gives one for an item; undefined where the limit does not concern it. */
export type KeyOf<T = never> = LimitKey | ((item: T) => LimitKey | undefined);

/** The option `limits` of a group. */
export type GroupLimits = Readonly<Record<string, KeyOf | undefined>>;

type Keys = Record<string, LimitKey>;

/** The name of a limit, and what gives its key for an item. */
type KeyFunction = readonly [name: string, keyOf: (item: never) => LimitKey | undefined];

export class Terms {
  /** What all tasks have in common, for the journal: `null` where a function gives the key. */
  readonly stated: Readonly<Record<string, LimitKey | null>>;
  readonly #fixed: Keys = {};
  readonly #functions: KeyFunction[] = [];
  /** What each function gave last, and the keys made of that: items of the same keys share one object. */
  readonly #given: (LimitKey | undefined)[] = [];
  #keys: Keys | undefined = undefined;

  constructor(limits: GroupLimits) {
    const stated: Record<string, LimitKey | null> = {};
    for (const [name, key] of Object.entries(limits)) {
      if (typeof key === 'function') {
        this.#functions.push([name, key]);
        stated[name] = null;
      } else if (key !== undefined) {
        this.#fixed[name] = key;
        stated[name] = key;
      }
    }
    this.stated = stated;
  }

  /** Whether functions have a say: they want items, not promises of such. */
  get hasFunctions(): boolean {
    return this.#functions.length > 0;
  }

  /**
   * The keys of the task for an item. Runs code of the user's.
   *
   * @throws what that throws, TypeError if it gives something that is no key.
   */
  keysOf(item: unknown): Readonly<Keys> {
    // A promise that is still one has rejected, as its task will.
    if (this.#functions.length === 0 || isThenable(item)) return this.#fixed;
    for (let place = 0; place < this.#functions.length; place++) {
      const [name, keyOf] = this.#functions[place] as KeyFunction;
      const key = keyOf(item as never);
      if (key !== undefined && !isKey(key)) checkedKey(`the key of ${quoted(name)}`, key);
      if (key === this.#given[place]) continue;
      this.#given[place] = key;
      this.#keys = undefined;
    }
    this.#keys ??= this.#made();
    return this.#keys;
  }

  #made(): Keys {
    const keys: Keys = { ...this.#fixed };
    for (const [place, [name]] of this.#functions.entries()) {
      const key = this.#given[place];
      if (key !== undefined) keys[name] = key;
    }
    return keys;
  }
}

export function isKey(key: unknown): key is LimitKey {
  return key === true || typeof key === 'string' || Number.isFinite(key);
}

/** @throws TypeError unless it is a key. */
export function checkedKey(what: string, key: unknown): LimitKey {
  if (isKey(key)) return key;
  markHandled(key);
  throw new TypeError(
    `expected ${what} to be a string, a finite number or true, got ${describe(key)}`,
  );
}
