/** Hands items to the pool, one at a time, and only while there is room for what comes of them. */

import type { Order } from '../output/order.ts';

/** What becomes of the source. */
export interface ItemsEvents {
  /** It has given all it has. Called once, with the number of items. */
  readonly onEnd: (total: number) => void;
  /** It cannot go on: the pool gets nothing more, but its group stays open. */
  readonly onError: (error: unknown) => void;
}

export class Items implements AsyncIterableIterator<unknown> {
  readonly #batches: AsyncIterator<readonly unknown[]>;
  readonly #order: Order;
  readonly #events: ItemsEvents;
  /** Items that no task has begun to work on yet: one or two, by index. */
  readonly #handedOut = new Map<number, unknown>();
  #batch: readonly unknown[] = [];
  #place = 0;
  /** The index of the next item. */
  #index: number;

  /** @param from the index of the first item that `batches` give. */
  constructor(
    batches: AsyncIterator<readonly unknown[]>,
    order: Order,
    events: ItemsEvents,
    from = 0,
  ) {
    this.#batches = batches;
    this.#order = order;
    this.#events = events;
    this.#index = from;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    const room = this.#order.room(this.#index);
    if (room !== undefined) await room;
    while (this.#place === this.#batch.length) {
      const batch = await this.#nextBatch();
      if (batch === undefined) return { done: true, value: undefined };
      this.#batch = batch;
      this.#place = 0;
    }
    const value = this.#batch[this.#place++];
    this.#handedOut.set(this.#index++, value);
    return { done: false, value };
  }

  /** The item of a task that begins, or that ended before it began. */
  take(index: number): unknown {
    const item = this.#handedOut.get(index);
    this.#handedOut.delete(index);
    return item;
  }

  async #nextBatch(): Promise<readonly unknown[] | undefined> {
    try {
      const { done, value } = await this.#batches.next();
      if (done !== true) return value;
    } catch (error) {
      this.#events.onError(error);
      return new Promise(() => {});
    }
    this.#events.onEnd(this.#index);
    return undefined;
  }
}
