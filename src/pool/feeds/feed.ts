/** Where the items of a group come from: pulled one at a time, when the group may start another task. */

/** Answer of a feed that has no more items. */
export const DONE: unique symbol = Symbol('done');
/** Answer of a feed that will call back when an item is available. */
export const PENDING: unique symbol = Symbol('pending');

/** A source of items. */
export interface Feed {
  /** Whether it is known that no more items will come. */
  readonly isSpent: boolean;
  /** Whether pulling from it runs no user code. */
  readonly isQuick?: boolean;
  /** Whether all its items are the same, so that taking one early makes no difference. */
  readonly repeats?: boolean;
  /** Whether another item is available without running user code, and is not known to be the last. */
  readonly hasMore?: boolean;
  /** The current number of items of a source where it can change: an array. */
  readonly length?: number | undefined;
  /**
   * The next item, {@link DONE} or {@link PENDING}. Throws what the source throws; the caller must close it then.
   *
   * @param isInContext whether the caller is in the async context of the call that passed the source.
   */
  next(isInContext?: boolean): unknown;
  /** The priority of the group has changed, by which waiting items may be ordered. */
  reorder?(): void;
  /** Closes the source because no more items are wanted; `reason`: why, if that is known. */
  close(reason?: unknown): void;
}

/** A feed that has already failed. */
export function failing(error: unknown): Feed {
  return {
    isSpent: false,
    next: () => {
      throw error;
    },
    close: () => {},
  };
}

/** Replaces a feed that is over. */
export const SPENT: Feed = { isSpent: true, next: () => DONE, close: () => {} };

/** Repeats the same arguments a number of times. */
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

  get repeats(): boolean {
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
