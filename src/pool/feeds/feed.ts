/** Where the items of a group come from: pulled one at a time, when the group may start another task. */

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
  /** The priority of the group has changed, by which what waits here may be in order. */
  reorder?(): void;
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
