/** Where a group's items come from; pulled one at a time, when the group may run another task. */

import { describe } from '../../kit/checks.ts';
import { Fifo } from '../../kit/fifo.ts';
import { runSoon } from '../../kit/jobs.ts';
import { attempt, markHandled } from '../../kit/promises.ts';
import { sizeOf } from '../../kit/realms.ts';

/** Answer of a feed that has no more items. */
export const DONE: unique symbol = Symbol('done');
/** Answer of a feed that will call back when an item is there. */
export const PENDING: unique symbol = Symbol('pending');

/** A source of items. */
export interface Feed {
  /** Whether it is known that no other item will come. */
  readonly isSpent: boolean;
  /** Whether it runs no code of the user's when it is asked. */
  readonly isQuick?: boolean;
  /** Whether another item is there that takes no code of the user's, and that is not known to be the last. */
  readonly hasMore?: boolean;
  /** How many items the source has now, where that may change: of an array that is being read. */
  readonly length?: number | undefined;
  /**
   * The next item, {@link DONE} or {@link PENDING}. Throws what the source throws.
   *
   * @param isInContext whether it is asked in the async context of the call that brought the source.
   */
  next(isInContext?: boolean): unknown;
  /** Tells the source that no more is wanted, and why, where that is known. */
  close(reason?: unknown): void;
}

/** A feed that has failed before its time. */
export function failing(error: unknown): Feed {
  return {
    isSpent: false,
    next: () => {
      throw error;
    },
    close: () => {},
  };
}

/** What is left of a feed that is over. */
export const SPENT: Feed = { isSpent: true, next: () => DONE, close: () => {} };

/** The same arguments a number of times. */
export class RepeatFeed implements Feed {
  readonly #item: unknown;
  #left: number;

  constructor(item: unknown, times: number) {
    this.#item = item;
    this.#left = times;
  }

  get isSpent(): boolean {
    return this.#left === 0;
  }

  get isQuick(): boolean {
    return true;
  }

  get hasMore(): boolean {
    return this.#left > 1;
  }

  next(): unknown {
    if (this.#left === 0) return DONE;
    this.#left--;
    return this.#item;
  }

  close(): void {
    this.#left = 0;
  }
}

/** The items of an array, read as its iterator would: in its turn each, up to the length there is then. */
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
    try {
      if (this.#place < this.#items.length) {
        const item = this.#items[this.#place++];
        markHandled(item);
        return item;
      }
    } catch (error) {
      this.#closed = true;
      throw error;
    }
    this.#closed = true;
    return DONE;
  }

  close(): void {
    this.#closed = true;
  }
}

/** The items of an iterable, whose iterator is made with the first pull. */
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
      this.#iterator ??= this.#items[Symbol.iterator]();
      const result = checked(this.#iterator.next());
      if (result.done !== true) {
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
    // In a microtask: what closes a feed is often a method, and those run no code of the user's.
    if (iterator !== undefined) void runSoon(() => stop(iterator));
  }
}

/** The items of an async iterable, pulled one at a time, and some ahead of need if that was said. */
class AsyncIterableFeed implements Feed {
  readonly #items: AsyncIterable<unknown>;
  /** Called when an answer has arrived after {@link PENDING}. */
  readonly #onReady: () => void;
  /** How many answers are fetched before anyone asks for them. */
  readonly #prefetch: number;
  readonly #answers = new Fifo<() => unknown>();
  #iterator: AsyncIterator<unknown> | undefined = undefined;
  #state: 'resting' | 'pulling' | 'closed' = 'resting';
  /** Whether a caller was asked to wait. */
  #isAwaited = false;

  constructor(items: AsyncIterable<unknown>, onReady: () => void, prefetch: number) {
    this.#items = items;
    this.#onReady = onReady;
    this.#prefetch = prefetch;
  }

  get isSpent(): boolean {
    return this.#state === 'closed' && this.#answers.length === 0;
  }

  next(): unknown {
    const answer = this.#answers.shift();
    const isWanted = answer === undefined || this.#answers.length < this.#prefetch;
    if (isWanted && this.#state === 'resting') void this.#pull();
    if (answer !== undefined) return answer();
    if (this.#state === 'closed') return DONE;
    this.#isAwaited = true;
    return PENDING;
  }

  close(): void {
    const wasClosed = this.#state === 'closed';
    this.#state = 'closed';
    this.#answers.clear();
    const iterator = this.#iterator;
    if (wasClosed || iterator === undefined) return;
    void runSoon(() => stop(iterator));
  }

  async #pull(): Promise<void> {
    this.#state = 'pulling';
    let result: { readonly done: boolean; readonly item: unknown };
    try {
      this.#iterator ??= this.#items[Symbol.asyncIterator]();
      const { done, value: item } = checked(await this.#iterator.next());
      markHandled(item);
      result = { done: done === true, item };
    } catch (error) {
      // Not while the pool asks.
      await undefined;
      this.#give('closed', () => {
        throw error;
      });
      return;
    }
    const { done, item } = result;
    this.#give(done ? 'closed' : 'resting', done ? () => DONE : () => item);
  }

  #give(state: 'resting' | 'closed', answer: () => unknown): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    this.#answers.push(answer);
    if (state === 'resting' && this.#answers.length < this.#prefetch) void this.#pull();
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#onReady();
  }
}

/** What an iterator answered, if it is an object, as the loops of the language ask for. */
function checked<T>(result: IteratorResult<T>): IteratorResult<T> {
  if (typeof result === 'object' && result !== null) return result;
  if (typeof result === 'function') return result;
  throw new TypeError(`expected next() of the source to give an object, got ${describe(result)}`);
}

/** Closes the iterator of a source. Nobody waits for the outcome any more, so it is ignored. */
function stop(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  void attempt(
    () => iterator.return?.(),
    () => {},
  );
}

/** The feed for what `map` was given. */
export function feedOf(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  onReady: () => void,
  prefetch = 0,
): Feed {
  // Promises that are there already may reject long before it is their turn.
  if (Array.isArray(items)) void runSoon(() => markAll(items));
  else if (sizeOf(items) !== undefined) void runSoon(() => markEach(items, setForEach));
  // As `for await` does, an async iterator is preferred where both are there.
  const { [Symbol.asyncIterator]: asyncIterator } = items as Partial<AsyncIterable<unknown>>;
  if (typeof asyncIterator === 'function') {
    return new AsyncIterableFeed(items as AsyncIterable<unknown>, onReady, prefetch);
  }
  return isPlainArray(items) ? new ArrayFeed(items) : new IterableFeed(items as Iterable<unknown>);
}

const { [Symbol.iterator]: arrayIterator } = Array.prototype;
const { forEach: setForEach } = Set.prototype;

type ForEach = (this: never, callback: (item: unknown) => void) => void;

/** The same for an array, which may have a million items: `forEach` would take twice as long. */
function markAll(items: readonly unknown[]): void {
  try {
    for (let place = 0; place < items.length; place++) {
      const item = items[place];
      if (typeof item === 'object' && item !== null) markHandled(item);
    }
  } catch {
    // Items that cannot be read, as will be found in their turn.
  }
}

function markEach(items: object, forEach: ForEach): void {
  try {
    forEach.call(items as never, markHandled);
  } catch {
    // A Map, whose items are pairs; or items that cannot be read, as will be found in their turn.
  }
}

/** Whether iterating an array means reading it: no one gave it an iterator of another kind. */
function isPlainArray(items: object): items is readonly unknown[] {
  return Array.isArray(items) && items[Symbol.iterator] === arrayIterator;
}

/** How many items there will be, where that can be known without running code of the user's. */
export function plannedOf(items: unknown): number | undefined {
  if (Array.isArray(items) || typeof items === 'string') return items.length;
  if (ArrayBuffer.isView(items) && 'length' in items) return items.length as number;
  return sizeOf(items);
}
