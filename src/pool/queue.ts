/// <reference lib="esnext.disposable" preserve="true" />

import { QueueEmpty, QueueFull } from '../errors.ts';
import { abortable } from '../kit/abortable.ts';
import { checkPositiveLimit } from '../kit/checks.ts';
import { Line } from '../kit/linked-list.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { counted, PRINTED } from '../kit/printed.ts';
import { limitToJson } from '../machines/limits.ts';
import type { QueueOptions, WaitOptions } from './options/pool-options.ts';
import { waitOptions } from './options/wait-options.ts';

const queueOptions = new OptionBag<QueueOptions>({
  maxsize: [checkPositiveLimit, 'limit', 'capacity'],
});

/** A leased item: leaving the scope of `using` or `await using` marks it as processed. */
export interface Lease<T> extends Disposable, AsyncDisposable {
  /** The item, exactly as it was put. */
  readonly item: T;
}

/**
 * A queue for worker-style tasks: producers put items, workers get them, `join()` waits until all were processed.
 * First in, first out, for items and for waiting callers. Every operation takes constant time.
 *
 * A put synchronously serves the longest-waiting getter, and a get the longest-waiting putter. So an item is always
 * in exactly one place, and an abort never loses one: a wait either was served before the abort and fulfils, or it
 * rejects and has taken or put nothing.
 */
export class Queue<T> {
  /** The most items in the queue. */
  readonly maxsize: number;

  readonly #items = new Line<T>();
  readonly #getters = new Line<Turn>();
  readonly #putters = new Line<Turn>();
  readonly #joiners = new Line<Turn>();
  /** The number of items taken and not yet processed. */
  #taken = 0;

  /**
   * Creates an empty queue.
   *
   * @throws TypeError, RangeError if `maxsize` is neither a positive integer nor `Infinity`.
   */
  constructor(options: QueueOptions = {}) {
    queueOptions.check('new Queue()', options);
    const { maxsize = Infinity } = options;
    this.maxsize = maxsize;
  }

  /** The number of items in the queue. Items whose `put()` still waits for room are not counted. */
  get size(): number {
    return this.#items.length;
  }

  /** The number of items in the queue, plus items taken for which `itemProcessed()` was not called yet. */
  get unfinished(): number {
    return this.size + this.#taken;
  }

  /** Whether `get()` would wait. */
  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Whether `put()` would wait. */
  get isFull(): boolean {
    return this.size >= this.maxsize;
  }

  /** The JSON form of a queue: its numbers, without its items. */
  toJSON(): { size: number; maxsize: number | null; unfinished: number } {
    const { size, maxsize, unfinished } = this;
    return { size, maxsize: limitToJson(maxsize), unfinished };
  }

  /** What `console.log` prints of a queue. @internal */
  [PRINTED](): string {
    const { size, maxsize, unfinished } = this;
    const of = maxsize === Infinity ? '' : ` of ${maxsize}`;
    return `Queue: ${size}${of} waiting${counted({ unfinished })}`;
  }

  /**
   * Adds an item at the end; waits while the queue is full.
   * @throws The signal's reason if it aborts first; the item is then not in the queue.
   */
  put(item: T, options: WaitOptions = {}): Promise<void> {
    waitOptions.check('put()', options);
    return takeTurn(this.#putters, this.isFull, options.signal, () => this.#add(item));
  }

  /**
   * Adds an item at the end without waiting.
   * @throws QueueFull if there is no room.
   */
  putNowait(item: T): void {
    if (this.isFull) {
      throw new QueueFull(`putNowait() expected room, got a queue with all ${this.maxsize} taken`);
    }
    this.#add(item);
  }

  /**
   * Takes the first item; waits while the queue is empty. Call `itemProcessed()` when done with it. If the item is
   * itself a promise, it is awaited; `lease()` does not do that.
   * @throws The signal's reason if it aborts first; nothing is then taken.
   */
  get(options: WaitOptions = {}): Promise<T> {
    waitOptions.check('get()', options);
    return takeTurn(this.#getters, this.isEmpty, options.signal, () => this.getNowait());
  }

  /**
   * Takes the first item without waiting. Call `itemProcessed()` when done with it.
   * @throws QueueEmpty if there is none.
   */
  getNowait(): T {
    const first = this.#items.shift();
    if (!first) throw new QueueEmpty('getNowait() expected an item, got an empty queue');
    this.#taken += 1;
    this.#putters.shift()?.value();
    return first.value;
  }

  /**
   * Leases the first item; waits while the queue is empty. However the scope is left, `itemProcessed()` is called
   * exactly once.
   *
   *     await using lease = await queue.lease({ signal });
   *     await work(lease.item);
   *
   * @throws The signal's reason if it aborts first; nothing is then taken.
   */
  lease(options: WaitOptions = {}): Promise<Lease<T>> {
    waitOptions.check('lease()', options);
    return takeTurn(this.#getters, this.isEmpty, options.signal, () =>
      this.#lend(this.getNowait()),
    );
  }

  /**
   * An endless iteration over the items: `for await (const item of queue.items({ signal }))`. Each item is marked as
   * processed when the loop continues or is left. Any number of workers can loop over one queue, each with its own
   * call of `items()`; every item goes to exactly one of them.
   * @throws The signal's reason, when the loop waits or asks for an item after the abort.
   */
  async *items(options: WaitOptions = {}): AsyncGenerator<T, void, void> {
    while (true) {
      const lease = await this.lease(options);
      try {
        yield lease.item;
      } finally {
        lease[Symbol.dispose]();
      }
    }
  }

  /**
   * Marks a taken item as processed. Call it once for each item taken by `get()` or `getNowait()`; leases and
   * `items()` do it themselves.
   * @throws RangeError if every item taken was processed before.
   */
  itemProcessed(): void {
    if (!this.#taken) throw new RangeError('itemProcessed() expected an item taken, got none');
    this.#taken -= 1;
    if (this.unfinished > 0) return;
    for (let next = this.#joiners.shift(); next; next = this.#joiners.shift()) next.value();
  }

  /**
   * Resolves when every item that was put is processed, immediately if that is already the case.
   * @throws The signal's reason if it aborts first.
   */
  join(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('join()', options);
    return takeTurn(this.#joiners, this.unfinished > 0, options.signal, () => {});
  }

  #add(item: T): void {
    this.#items.push(item);
    this.#getters.shift()?.value();
  }

  #lend(item: T): Lease<T> {
    let isOut = true;
    const giveBack = (): void => {
      if (!isOut) return;
      isOut = false;
      this.itemProcessed();
    };
    return { item, [Symbol.dispose]: giveBack, [Symbol.asyncDispose]: async () => giveBack() };
  }
}

/** What a waiter does when it is served. */
type Turn = () => void;

/** Calls `act` immediately or, if it `mustWait`, when it is next in `line`, unless `signal` aborts first. */
function takeTurn<R>(
  line: Line<Turn>,
  mustWait: boolean,
  signal: AbortSignal | undefined,
  act: () => R,
): Promise<R> {
  return abortable(signal, (resolve) => {
    if (!mustWait) {
      resolve(act());
      return () => {};
    }
    const place = line.push(() => resolve(act()));
    return () => line.remove(place);
  });
}
