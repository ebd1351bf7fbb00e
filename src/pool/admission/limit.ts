/** A named limit of a running pool, and its keys. */

import type { LimitKey, LimitNumbers } from '../../events/events.ts';
import { Chain } from '../../kit/linked-list.ts';
import { overAt } from '../../machines/rate.ts';
import { Key } from './key.ts';

/** How many keys are dropped in one step. */
const MOST_DROPPED = 256;

export class Limit {
  readonly name: string;
  numbers: LimitNumbers;
  /** The keys that are in use, or with a start that still counts. */
  readonly keys = new Map<LimitKey, Key>();
  /** The unused keys, in the order in which they may be dropped. */
  readonly #unused = new Chain<Key>();

  constructor(name: string, numbers: LimitNumbers) {
    this.name = name;
    this.numbers = numbers;
  }

  key(value: LimitKey): Key {
    const present = this.keys.get(value);
    if (present !== undefined) return present;
    const key = new Key(this, value);
    this.keys.set(value, key);
    return key;
  }

  /** New numbers keep the starts that the previous ones counted. */
  change(numbers: LimitNumbers, now: number): void {
    const over = overAt(this.numbers.rate, now);
    for (const { starts } of this.keys.values()) starts?.drop(over);
    this.numbers = numbers;
  }

  /** A key has become unused: drops it, immediately or once none of its starts or pauses matter. */
  release(key: Key, now: () => number): void {
    if (this.#unused.has(key)) this.#unused.remove(key);
    if (this.numbers.rate === null && key.pausedUntil === undefined) this.keys.delete(key.value);
    else this.#unused.push(key);
    this.dropPast(now);
  }

  /** Drops unused keys that are no longer needed. */
  dropPast(now: () => number): void {
    let remembered = 0;
    for (let left = MOST_DROPPED; left > 0 && remembered < 2; left--) {
      const key = this.#unused.shift();
      if (key === undefined) return;
      if (key.uses > 0) continue;
      if (key.isRemembered(now())) {
        // A key that is paused for long does not block the others.
        this.#unused.push(key);
        remembered++;
      } else this.keys.delete(key.value);
    }
  }
}
