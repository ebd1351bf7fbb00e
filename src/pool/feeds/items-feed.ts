/** Creates feeds from what `map` takes: arrays, iterables and async iterables. */

import { runSoon } from '../../kit/jobs.ts';
import { markHandled } from '../../kit/promises.ts';
import { sizeOf } from '../../kit/realms.ts';
import { AsyncIterableFeed } from './async-feed.ts';
import { DONE, type Feed } from './feed.ts';
import { checked, opened, stop } from './foreign-iterator.ts';

/** The items of an array, read like its iterator does: one by one, up to the length it has by then. */
class ArrayFeed implements Feed {
  readonly #items: readonly unknown[];
  #place = 0;
  #closed = false;

  constructor(items: readonly unknown[]) {
    this.#items = items;
  }

  get isSpent(): boolean {
    return this.#closed;
  }

  get isQuick(): boolean {
    return true;
  }

  get length(): number {
    return this.#items.length;
  }

  get hasMore(): boolean {
    return !this.#closed && this.#place < this.#items.length;
  }

  next(): unknown {
    if (this.#closed) return DONE;
    if (this.#place < this.#items.length) {
      const item = this.#items[this.#place++];
      markHandled(item);
      return item;
    }
    this.#closed = true;
    return DONE;
  }

  close(): void {
    this.#closed = true;
  }
}

/** The items of an iterable, whose iterator is created at the first pull. */
class IterableFeed implements Feed {
  readonly #items: Iterable<unknown>;
  #iterator: Iterator<unknown> | undefined = undefined;
  #closed = false;

  constructor(items: Iterable<unknown>) {
    this.#items = items;
  }

  get isSpent(): boolean {
    return this.#closed;
  }

  next(): unknown {
    if (this.#closed) return DONE;
    try {
      this.#iterator ??= opened(this.#items[Symbol.iterator]());
      const result = checked(this.#iterator.next());
      // Any truthy value ends it, as in `for` loops.
      if (!result.done) {
        const { value } = result;
        markHandled(value);
        return value;
      }
    } catch (error) {
      this.#closed = true;
      throw error;
    }
    this.#closed = true;
    return DONE;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const iterator = this.#iterator;
    // In a microtask, since methods, which often close a feed, must not run user code.
    if (iterator !== undefined) void runSoon(() => stop(iterator));
  }
}

/** Creates the feed for the items of `map`. */
export function feedOf(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  onReady: () => void,
  prefetch = 0,
): Feed {
  // Existing promises may reject long before it is their turn, and must not be unhandled then.
  if (Array.isArray(items)) void runSoon(() => markAll(items));
  else if (sizeOf(items) !== undefined) void runSoon(() => markEach(items, setForEach));
  // An async iterator takes precedence, as in `for await`.
  const { [Symbol.asyncIterator]: asyncIterator } = items as Partial<AsyncIterable<unknown>>;
  if (typeof asyncIterator === 'function') {
    return new AsyncIterableFeed(items as AsyncIterable<unknown>, onReady, prefetch);
  }
  return isPlainArray(items) ? new ArrayFeed(items) : new IterableFeed(items as Iterable<unknown>);
}

const { [Symbol.iterator]: arrayIterator } = Array.prototype;
const { forEach: setForEach } = Set.prototype;

type ForEach = (this: never, callback: (item: unknown) => void) => void;

/** Marks the items of an array, which may have a million: `forEach` would take twice as long. */
function markAll(items: readonly unknown[]): void {
  try {
    for (let place = 0; place < items.length; place++) {
      const item = items[place];
      if (typeof item === 'object' && item !== null) markHandled(item);
    }
  } catch {
    // An item that cannot be read throws again when it is its turn.
  }
}

function markEach(items: object, forEach: ForEach): void {
  try {
    forEach.call(items as never, markHandled);
  } catch {
    // A Map, whose items are pairs, or an item that cannot be read, which throws again when it is its turn.
  }
}

/** Whether an array has the standard iterator. */
function isPlainArray(items: object): items is readonly unknown[] {
  return Array.isArray(items) && items[Symbol.iterator] === arrayIterator;
}

/** How many items there will be, if that can be determined without running user code. */
export function plannedOf(items: unknown): number | undefined {
  if (Array.isArray(items) || typeof items === 'string') return items.length;
  if (ArrayBuffer.isView(items) && 'length' in items) return items.length as number;
  return sizeOf(items);
}
