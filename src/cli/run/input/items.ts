/** The source of the pool's items: returns one at a time, and only while there is room for its results. */

import { argumentOf, ITEMS_GROUP } from '../../journal/item-tasks.ts';
import type { EarlierRun, ItemsByIndex } from '../journal/earlier-run.ts';
import type { Order } from '../output/order.ts';
import type { ItemSources } from '../pool-of-run.ts';
import type { ItemReader } from './reader.ts';

/** Callbacks for the end of the input. */
export interface ItemsEvents {
  /** Called once, at the end of the input, with the number of items. */
  readonly onEnd: (total: number) => void;
  /** Called when reading fails: the pool gets no more items, but its group stays open. */
  readonly onError: (error: unknown) => void;
}

export class Items implements AsyncIterableIterator<unknown> {
  readonly #reader: ItemReader;
  readonly #order: Order;
  readonly #events: ItemsEvents;
  /** Items that no task has started yet: a few, by index. */
  readonly #handedOut: Map<number, unknown>;
  /** The index of the next item. */
  #index: number;

  /**
   * @param earlier the state of the run before the first item of the reader.
   */
  constructor(reader: ItemReader, order: Order, earlier: EarlierRun, events: ItemsEvents) {
    this.#reader = reader;
    this.#order = order;
    this.#events = events;
    this.#index = earlier.created;
    this.#handedOut = new Map(earlier.open.map(({ index, item }) => [index, item]));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    const room = this.#order.room(this.#index);
    if (room !== undefined) await room;
    if (!this.#reader.hasNext && !(await this.#fill())) {
      this.#events.onEnd(this.#index);
      return { done: true, value: undefined };
    }
    const value = this.#reader.take();
    this.#handedOut.set(this.#index++, value);
    return { done: false, value };
  }

  /** The remaining items of each group that an earlier process left. */
  sources({ again, feeder }: EarlierRun): ItemSources {
    const sources: Record<string, ItemSources[string]> = { [ITEMS_GROUP]: () => this };
    for (const [group, items] of again) {
      sources[group] = () => this.#again(items, group === feeder);
    }
    return sources;
  }

  /**
   * Items to be retried, with their indices.
   *
   * @param feeds whether the rest of the input follows.
   */
  async *#again(items: ItemsByIndex, feeds: boolean): AsyncGenerator<unknown, undefined> {
    for (const placed of items.values()) {
      await this.#order.room(placed.index);
      this.#handedOut.set(placed.index, placed.item);
      yield argumentOf(placed);
    }
    while (feeds) {
      const index = this.#index;
      const { done, value: item } = await this.next();
      if (done === true) return;
      yield argumentOf({ index, item });
    }
  }

  /** Removes and returns the item of a task that starts, or that ended before it started. */
  take(index: number): unknown {
    const item = this.#handedOut.get(index);
    this.#handedOut.delete(index);
    return item;
  }

  #fill(): Promise<boolean> {
    return this.#reader.fill().catch((error: unknown) => {
      this.#events.onError(error);
      return new Promise<never>(() => {});
    });
  }
}
