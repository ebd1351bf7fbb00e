/** Which keys of limits the tasks of a group need: the same keys for all, or keys computed from each item. */

import type { LimitKey } from '../../events/events.ts';
import { describe } from '../../kit/checks.ts';
import { quoted } from '../../kit/printed.ts';
import { isThenable, markHandled } from '../../kit/promises.ts';

/** A key, or a function that returns the key of an item; undefined if the limit does not apply to it. */
export type KeyOf<T = never> = LimitKey | ((item: T) => LimitKey | undefined);

/** The option `limits` of a group. */
export type GroupLimits = Readonly<Record<string, KeyOf | undefined>>;

type Keys = Readonly<Record<string, LimitKey>>;

/** The name of a limit, with the key or the function that returns it. */
type KeyOfLimit = readonly [name: string, key: LimitKey | ((item: never) => unknown)];

export class Terms {
  /** The key for each limit, for the journal: `null` if a function computes it for each item. */
  readonly stated: Readonly<Record<string, LimitKey | null>>;
  /** Whether functions compute keys: they must be called with items, not with promises of items. */
  readonly hasFunctions: boolean = false;
  readonly #limits: KeyOfLimit[] = [];
  /** The keys of the last item, by place, and the object returned for them: items with the same keys share it. */
  readonly #last: (LimitKey | undefined)[] = [];
  #keys: Keys | undefined = undefined;

  constructor(limits: GroupLimits) {
    const stated: Record<string, LimitKey | null> = {};
    for (const [name, key] of Object.entries(limits)) {
      if (key === undefined) continue;
      const isFunction = typeof key === 'function';
      if (isFunction) this.hasFunctions = true;
      stated[name] = isFunction ? null : key;
      this.#limits.push([name, key]);
    }
    this.stated = stated;
  }

  /**
   * The keys of the task for an item. Runs user code.
   *
   * @throws what that code throws, TypeError if it returns something that is no key.
   */
  keysOf(item: unknown): Keys {
    // An item that is still a promise here has rejected, and its task will fail.
    const hasRejected = this.hasFunctions && isThenable(item);
    // By index: iterating over pairs would cost as much as the rest.
    for (let place = 0; place < this.#limits.length; place++) {
      const [name, of] = this.#limits[place]!;
      let key: unknown = of;
      if (typeof of === 'function') key = hasRejected ? undefined : of(item as never);
      if (key === this.#last[place]) continue;
      this.#last[place] =
        key === undefined || isKey(key) ? key : checkedKey(`the key of ${quoted(name)}`, key);
      this.#keys = undefined;
    }
    if (this.#keys !== undefined) return this.#keys;
    const keys: Record<string, LimitKey> = {};
    for (let place = 0; place < this.#limits.length; place++) {
      const key = this.#last[place];
      if (key !== undefined) keys[this.#limits[place]![0]] = key;
    }
    this.#keys = keys;
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
