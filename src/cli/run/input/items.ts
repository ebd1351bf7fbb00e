/** Hands items to the pool, one at a time, and only while there is room for what comes of them. */

import { argumentOf, ITEMS_GROUP } from '../../journal/item-tasks.ts';
import type { EarlierRun, ItemsByIndex } from '../journal/earlier-run.ts';
import type { Order } from '../output/order.ts';
import type { ItemSources } from '../pool-of-run.ts';
import type { ItemReader } from './reader.ts';

/** What becomes of the source. */
export interface ItemsEvents {
  /** It has given all it has. Called once, with the number of items. */
  readonly onEnd: (total: number) => void;
  /** It cannot continue: the pool gets nothing more, but its group stays open. */
  readonly onError: (error: unknown) => void;
}

export class Items implements AsyncIterableIterator<unknown> {
  readonly #reader: ItemReader;
  readonly #order: Order;
  readonly #events: ItemsEvents;
  /** Items that no task has begun to work on yet: a few, by index. */
  readonly #handedOut: Map<number, unknown>;
  /** The index of the next item. */
  #index: number;

  /** @param earlier of what came before the first item that the reader gives. */
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

  /** What each group of items has still to give, as an earlier process left it. */
  sources({ again, feeder }: EarlierRun): ItemSources {
    const sources: Record<string, ItemSources[string]> = { [ITEMS_GROUP]: () => this };
    for (const [group, items] of again) {
      sources[group] = () => this.#again(items, group === feeder);
    }
    return sources;
  }

  /**
   * Items that are run again, with their places.
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

  /** The item of a task that begins, or that ended before it began. */
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
