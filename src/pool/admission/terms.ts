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

export class Terms {
  /** What all tasks have in common, for the journal: `null` where a function gives the key. */
  readonly stated: Readonly<Record<string, LimitKey | null>>;
  readonly #fixed: Keys = {};
  readonly #functions: (readonly [string, (item: never) => LimitKey | undefined])[] = [];

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
    const keys: Keys = {};
    for (const name in this.#fixed) keys[name] = this.#fixed[name] as LimitKey;
    for (const [name, keyOf] of this.#functions) {
      const key = keyOf(item as never);
      if (key === undefined) continue;
      keys[name] = isKey(key) ? key : checkedKey(`the key of ${quoted(name)}`, key);
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
